import type { Reason } from "../../src/domain/gate/reason.ts";
import type { Digest } from "../../src/domain/notices/digest.ts";
import { NO_NEWS, type Planned } from "../../src/domain/notices/plan/planned.ts";
import type { Trouble, TroubleState } from "../../src/domain/notices/trouble.ts";
import type { DriftPicture, NoticeMessage } from "../../src/domain/notices/words/message.ts";
import { writeMessage } from "../../src/domain/notices/words/write-message.ts";
import { digestMessage } from "../../src/service/notices/send-digest.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 20, 3, 15);

const links = [
  { label: "Open in Sluice", url: "https://sluice.example.com/" },
  { label: "Dashboard", url: "https://grafana.example.com/d/sluice" },
  { label: "Runbook", url: "https://wiki.example.com/runbooks" },
];

const picture: DriftPicture = {
  feature_name: "order_amount",
  psi: 0.412,
  threshold: 0.2,
  bins: [
    ["(-∞, 10)", 0.1, 0.03],
    ["[10, 25)", 0.16, 0.06],
    ["[25, 50)", 0.22, 0.13],
    ["[50, 100)", 0.2, 0.19],
    ["[100, 250)", 0.16, 0.28],
    ["[250, 500)", 0.1, 0.2],
    ["[500, ∞)", 0.05, 0.09],
    ["nulls", 0.01, 0.02],
  ].map(([label, expected, actual]) => ({ label, expected, actual }) as DriftPicture["bins"][number]),
};

const reasons: Reason[] = [
  {
    code: "quality_below_threshold",
    severity: "block",
    subject: "null_rate",
    observed: 0.91,
    threshold: 0.95,
    detail: "null_rate scored 0.91, 0.95 is required",
  },
  {
    code: "feature_drifted",
    severity: "block",
    subject: "order_amount",
    observed: 0.412,
    threshold: 0.2,
    detail: "order_amount drifted: its PSI of 0.412 on 48,000 rows is above 0.2, and that is not chance (p < 0.0001)",
  },
];

const trouble: Trouble = {
  severity: "critical",
  decision: "block",
  allowed: false,
  reasons,
  run_id: "scheduled__2026-11-20T02:00:00+00:00",
  let_through: null,
  blocked_by: null,
};

function state(pipeline_id: number, pipeline_name: string, more: Partial<TroubleState> = {}): TroubleState {
  const opened_at = NOW - 5000;
  return {
    pipeline_id,
    pipeline_name,
    open: true,
    trouble,
    opened_at,
    closed_at: null,
    flips: [],
    archived: false,
    ...more,
  };
}

function write(about: TroubleState[], more: Partial<Planned>, drift: DriftPicture | null = null): NoticeMessage {
  const code = about[0]!.trouble.reasons[0]!.code;
  const planned = {
    channel: "c",
    thread: null,
    code,
    grouped: false,
    say: "opened",
    about,
    news: NO_NEWS,
    tells: [],
    closes: false,
  };
  const blocks = (name: string) => (name === "orders_daily" ? ["orders_report", "churn_features", "weekly_board"] : []);
  return writeMessage({ ...planned, ...more } as Planned, NOW, { blocks, links: () => links, picture: drift });
}

const failed: Trouble = {
  ...trouble,
  run_id: null,
  reasons: [
    {
      code: "run_failed",
      severity: "block",
      subject: null,
      observed: null,
      threshold: null,
      detail: "the run failed: could not connect to warehouse-1:5432",
    },
  ],
};
const forty = Array.from({ length: 40 }, (_, i) =>
  state(100 + i, `etl_${String(i + 1).padStart(2, "0")}_load`, { trouble: failed, opened_at: NOW - 40_000 }),
);

/** Messages about one blocked pipeline, its end, and forty pipelines at once. */
export const samples = [
  write([state(1, "orders_daily")], {}, picture),
  write([state(1, "orders_daily", { open: false, opened_at: NOW - 133 * MINUTE, closed_at: NOW })], {
    say: "resolved",
    closes: true,
  }),
  write(forty, { grouped: true }),
];

const sla = (pipeline_name: string, rate: number | null, target: number, days: (number | null)[]) => ({
  pipeline_name,
  total: rate === null ? 0 : 240,
  passed: rate === null ? 0 : Math.round(2.4 * rate),
  rate,
  target,
  state: rate === null ? ("no_data" as const) : rate < target ? ("breaching" as const) : ("ok" as const),
  days,
});

const content: Digest = {
  period: "day",
  team: "commerce",
  from: NOW - DAY,
  to: NOW,
  sla: [
    sla("orders_daily", 93.75, 99, [100, 100, 99.6, 100, 100, 97.5, 93.75]),
    sla("returns_hourly", 98.33, 99, [99.2, 99.6, 100, 99.2, 98.8, 99.6, 98.33]),
    sla("customers_sync", 100, 99, [100, 100, 100, null, 100, 100, 100]),
    sla("stock_levels", 99.58, 99, [99.2, 100, 100, 100, 99.6, 100, 99.58]),
    sla("price_import", null, 99, [100, 100, 100, 100, null, null, null]),
  ],
  features: [
    {
      pipeline_name: "orders_daily",
      feature_name: "order_amount",
      verdict: "drifted",
      psi: 0.412,
      threshold: 0.2,
      at: NOW - HOUR,
    },
    {
      pipeline_name: "returns_hourly",
      feature_name: "reason",
      verdict: "drifted",
      psi: 0.263,
      threshold: 0.2,
      at: NOW - 3 * HOUR,
    },
  ],
  blocked: [
    {
      pipeline_name: "orders_daily",
      run_id: "r1",
      at: NOW - HOUR,
      code: "quality_below_threshold",
      detail: reasons[0]!.detail,
    },
    {
      pipeline_name: "returns_hourly",
      run_id: "r7",
      at: NOW - 3 * HOUR,
      code: "feature_drifted",
      detail: "reason drifted: its PSI of 0.263 on 9,000 rows is above 0.2, and that is not chance (p < 0.0001)",
    },
  ],
  overrides: [
    {
      pipeline_name: "returns_hourly",
      decision: "pass",
      actor: "ann",
      reason: "new return reasons since Monday, wanted",
      created_at: NOW - 2 * HOUR,
      expires_at: NOW + 10 * HOUR,
    },
  ],
  silent: [{ pipeline_name: "price_import", last_run_at: NOW - 3 * DAY }],
  totals: { sla: 5, breaching: 2, features: 2, blocked: 2, overrides: 1, silent: 1 },
};

export const digest = digestMessage(content, NOW, links.slice(0, 1));
