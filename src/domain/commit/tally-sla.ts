import type { RunEntry } from "../runs/runs-of-commit.ts";
import type { SlaKind } from "../sla/sla.ts";
import { at, join } from "../words/key.ts";
import { startOfDay, startOfHour } from "../words/time.ts";

/** Sums of the results of one hour or day. */
export interface SlaDelta {
  pipeline_name: string;
  kind: SlaKind;
  subject: string;
  /** Start of the hour or day, milliseconds. */
  since: number;
  total: number;
  passed: number;
  /** Of runs that were invalidated; neither in `total` nor in `passed`. */
  excluded: number;
}

export interface Judged {
  pipeline_name: string;
  kind: SlaKind;
  subject: string;
  /** Milliseconds. */
  at: number;
  passed: boolean;
  entry: RunEntry | null;
}

export interface SlaSums {
  sla_hours: Map<string, SlaDelta>;
  sla_days: Map<string, SlaDelta>;
}

export function tallySla({ sla_hours, sla_days }: SlaSums, judged: Judged): void {
  add(sla_hours, judged, startOfHour(judged.at));
  add(sla_days, judged, startOfDay(judged.at));
}

function add(
  deltas: Map<string, SlaDelta>,
  { pipeline_name, kind, subject, passed, entry }: Judged,
  since: number,
): void {
  const delta = at(deltas, join(pipeline_name, kind, subject, String(since)), () => {
    return { pipeline_name, kind, subject, since, total: 0, passed: 0, excluded: 0 };
  });
  if (entry?.run.invalidated) {
    delta.excluded++;
    return;
  }
  delta.total++;
  if (passed) delta.passed++;
}

/** A result other than that of a quality check. */
export interface SlaEvent {
  pipeline_name: string;
  kind: Exclude<SlaKind, "quality">;
  subject: string;
  entry: RunEntry | null;
  at: number;
  passed: boolean;
  value: number | null;
  threshold: number | null;
}

export interface SlaEvents {
  sla_events: SlaEvent[];
}
