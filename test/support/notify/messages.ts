import type { Reason } from "../../../src/domain/gate/reason.ts";
import { NO_NEWS, type Planned } from "../../../src/domain/notices/plan/planned.ts";
import type { Trouble, TroubleState } from "../../../src/domain/notices/trouble.ts";
import type { NoticeMessage } from "../../../src/domain/notices/words/message.ts";
import { writeMessage } from "../../../src/domain/notices/words/write-message.ts";

export const NOW = Date.UTC(2026, 10, 20, 2, 15);
const MINUTE = 60_000;

export function finding(more: Partial<Reason> = {}): Reason {
  return {
    code: "quality_below_threshold",
    severity: "block",
    subject: "null_rate",
    observed: 0.91,
    threshold: 0.95,
    detail: "null_rate scored 0.91, 0.95 is required",
    ...more,
  };
}

export function trouble(more: Partial<Trouble> = {}): Trouble {
  return {
    severity: "critical",
    decision: "block",
    allowed: false,
    reasons: [finding()],
    run_id: "scheduled__2026-11-20T02:00:00+00:00",
    let_through: null,
    blocked_by: null,
    ...more,
  };
}

export function troubleState(more: Partial<TroubleState> = {}): TroubleState {
  const opened_at = more.opened_at ?? NOW - 2 * MINUTE;
  return {
    pipeline_id: 1,
    pipeline_name: "orders_daily",
    open: true,
    trouble: trouble(),
    opened_at,
    closed_at: null,
    flips: [opened_at],
    archived: false,
    ...more,
  };
}

export const PICTURE = {
  feature_name: "age",
  psi: 0.412,
  threshold: 0.2,
  bins: [
    { label: "(-∞, 25)", expected: 0.1, actual: 0.04 },
    { label: "[25, 35)", expected: 0.2, actual: 0.11 },
    { label: "[35, 45)", expected: 0.3, actual: 0.25 },
    { label: "[45, 55)", expected: 0.25, actual: 0.35 },
    { label: "[55, ∞)", expected: 0.15, actual: 0.25 },
  ],
};

/** A message about these, as it would be written. */
export function message(
  about: TroubleState[] = [troubleState()],
  more: Partial<Planned> = {},
  picture: NoticeMessage["picture"] = null,
): NoticeMessage {
  const planned: Planned = {
    channel: "c",
    thread: null,
    code: about[0]!.trouble.reasons[0]!.code,
    grouped: about.length > 1,
    say: "opened",
    about,
    news: NO_NEWS,
    tells: [],
    closes: false,
    ...more,
  };
  return writeMessage(planned, NOW, {
    blocks: (name) => (name === "orders_daily" ? ["orders_report", "churn_features"] : []),
    links: ({ pipeline_name, code }) => [
      {
        label: "Open in Sluice",
        url: `https://sluice.example.com/pipelines/${encodeURIComponent(pipeline_name ?? "")}`,
      },
      { label: "Dashboard", url: "https://grafana.example.com/d/sluice" },
      { label: "Runbook", url: `https://wiki.example.com/${code}` },
    ],
    picture,
  });
}
