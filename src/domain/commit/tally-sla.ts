import type { RunEntry } from "../runs/runs-of-commit.ts";
import type { SlaKind } from "../sla/sla.ts";
import { at, join } from "../words/key.ts";
import { startOfDay, startOfHour, startOfMonth } from "../words/time.ts";

/** Sums of the results of one hour, day or month. */
export interface SlaDelta {
  pipeline_name: string;
  kind: SlaKind;
  subject: string;
  /** Start of the hour, day or month, milliseconds. */
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

/** What the clock has added up of a pipeline until now, milliseconds; null: nothing. A result from before is added where it belongs. */
export interface SlaFold {
  hours_until: number | null;
  months_until: number | null;
}

export interface SlaSums {
  sla_days: Map<string, SlaDelta>;
  /** Of results that came when their hour or month had been folded. */
  sla_late_hours: Map<string, SlaDelta>;
  sla_late_months: Map<string, SlaDelta>;
  /** Of every pipeline of the commit, as it is under its lock. */
  sla_folds: SlaFolds;
}

export type SlaFolds = ReadonlyMap<string, { sla_fold: SlaFold }>;

export const emptySlaSums = (sla_folds: SlaFolds): SlaSums => {
  return { sla_days: new Map(), sla_late_hours: new Map(), sla_late_months: new Map(), sla_folds };
};

export function tallySla({ sla_days, sla_late_hours, sla_late_months, sla_folds }: SlaSums, judged: Judged): void {
  add(sla_days, judged, startOfDay(judged.at));
  const { hours_until, months_until } = sla_folds.get(judged.pipeline_name)!.sla_fold;
  if (hours_until !== null && judged.at < hours_until) add(sla_late_hours, judged, startOfHour(judged.at));
  if (months_until !== null && judged.at < months_until) add(sla_late_months, judged, startOfMonth(judged.at));
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
