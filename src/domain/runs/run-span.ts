import type { RunReportStatus } from "../reports/report.ts";

/** A reported run on the time line, as far as it is known. Times: milliseconds. */
export interface RunSpan {
  run_id: string;
  /** The time of the earliest report. */
  start: number;
  /** When it was going on, [from, to), sorted and disjoint; `to` null: it has not ended. */
  going: { from: number; to: number | null }[];
  /** The time of its latest report. */
  last_at: number;
  /** Its latest attempt holds evidence from here on; −∞: it has one attempt. */
  attempt_from: number;
}

/** The stored fields of a run that a span needs. */
export interface SpannedRun {
  run_id: string;
  first_at: number;
  last_at: number;
  ended: boolean;
  /** From when evidence of its latest attempt counts; null: from the beginning; absent: derived from its outcomes. */
  evidence_since?: number | null;
  outcomes: { status: RunReportStatus; at: number; started_at: number | null; finished_at: number | null }[];
}

/**
 * An end that is followed by a later start closes an attempt, and the run is not going on in between, unless the attempt
 * ended to be retried.
 */
export function runSpan({ run_id, first_at, last_at, ended, evidence_since, outcomes }: SpannedRun): RunSpan {
  const starts = outcomes.flatMap(({ started_at }) => started_at ?? []).sort(ascending);
  const ends = outcomes
    .filter(({ status }) => status !== "started")
    .map(({ status, at, finished_at }) => ({ at: finished_at ?? at, final: status !== "retrying" }))
    .sort((a, b) => a.at - b.at || Number(a.final) - Number(b.final));
  const start = Math.min(first_at, ...starts);
  const cuts = new Set<number>();
  for (const end of ends) {
    const next = starts.find((one) => one > end.at);
    if (next !== undefined) cuts.add(next);
  }
  const froms = [start, ...cuts];
  const going = froms.map((from, i) => {
    const next = froms[i + 1] ?? null;
    if (next === null && !ended) return { from, to: null };
    const last = ends.findLast(({ at }) => next === null || at < next);
    const to = last === undefined || (!last.final && next !== null) ? next : last.at;
    return { from, to: Math.max(from, to ?? from) };
  });
  const latest_from = cuts.size === 0 ? null : froms.at(-1)!;
  const attempt_from = (evidence_since === undefined ? latest_from : evidence_since) ?? Number.NEGATIVE_INFINITY;
  const last = outcomes.reduce((latest, { at }) => Math.max(latest, at), Math.max(last_at, start));
  return { run_id, start, going, last_at: last, attempt_from };
}

function ascending(a: number, b: number): number {
  return a - b;
}
