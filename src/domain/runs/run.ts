import type { EndStatus, RunReport, RunReportStatus } from "../reports/report.ts";
import { speakingFrom } from "./attempts/attempt-of-evidence.ts";
import { type Attempt, attemptsOf, durationOf, durationToCount, errorOf, isEnd } from "./attempts/attempts.ts";
import { type FoldedAttempts, foldMarks, NOTHING_FOLDED } from "./attempts/fold-marks.ts";
import { addMark, markOf, type RunMark } from "./attempts/run-mark.ts";
import { runOrder } from "./run-order.ts";

/**
 * A run is the set of its reports (run-mark.ts), cut into attempts (attempts.ts), and minima and maxima of what else they say.
 * So reports may arrive in any order, any number of times, and end in the same run.
 */
export interface Run {
  pipeline_name: string;
  run_id: string;
  /** The run was reported without a run_id, and the agent gave it one. */
  runless: boolean;
  /** When the first report of it arrived; null: not known. */
  heard_at: number | null;
  /** The earliest `at` of any report of the run; for a run-less run the own times of its reports count too. */
  first_at: number;
  /** Of a run-less run: the latest time of its evidence; null: it has none. */
  last_at: number | null;
  /** Of a run-less run: when the next one started before the end of this one was reported. */
  given_up_at: number | null;
  logical_date: number | null;
  data_interval_start: number | null;
  data_interval_end: number | null;
  marks: RunMark[];
  folded: FoldedAttempts;
  /** Derived from the marks, and renewed with them. */
  attempts: readonly Attempt[];
  /** The latest day with counts, while no start or end of the run was reported (place-of-evidence.ts); else null. */
  records_day: number | null;
  /** Some evidence is a try: a repetition inside its attempt. */
  tried: boolean;
  traceparent: string | null;
  /** Somebody took it out of baselines and SLA. */
  invalidated: boolean;
}

export type RunStatus = RunReportStatus | "unknown";

/** A run as the API shows it: its latest attempt. `unknown`: no report of a start or, for a run-less run, of its end. */
export interface RunSummary {
  pipeline_name: string;
  run_id: string;
  status: RunStatus;
  /** The stated number, else the position among the attempts of the run. */
  attempt: number;
  started_at: number | null;
  finished_at: number | null;
  duration_seconds: number | null;
  error: string | null;
  /** It came to an end: neither running nor waiting for a retry. */
  ended: boolean;
  /** It has ended, though it may have been started again since. */
  ended_once: boolean;
  /** Its reports state a data interval. */
  has_interval: boolean;
  /** Which run is later than which (run-order.ts). */
  run_order: number;
}

/** Which evidence of a run counts, as it is stored with the run. */
export interface Speaking {
  /** The place of the latest attempt. */
  attempt_no: number;
  /** Evidence counts from this attempt on: the latest alone, unless it resumes. */
  evidence_from: number;
  /** The same for counts. */
  records_from: number;
  /** From when evidence that is placed by time counts; null: from the beginning. */
  evidence_since: number | null;
}

export function newRun(pipeline_name: string, run_id: string, first: { at: number; heard_at: number | null }): Run {
  return {
    pipeline_name,
    run_id,
    runless: false,
    heard_at: first.heard_at,
    first_at: first.at,
    last_at: null,
    given_up_at: null,
    logical_date: null,
    data_interval_start: null,
    data_interval_end: null,
    marks: [],
    folded: NOTHING_FOLDED,
    attempts: [],
    records_day: null,
    tried: false,
    traceparent: null,
    invalidated: false,
  };
}

/** New items for the counters: each (attempt, status) and the duration of each attempt once. */
export interface RunChange {
  counted: EndStatus[];
  durations: number[];
}

/** Merges a report into the run. */
export function applyRunReport(run: Run, report: RunReport): RunChange {
  run.first_at = Math.min(run.first_at, report.at);
  run.traceparent = smallest(run.traceparent, report.traceparent);
  run.logical_date = greatest(run.logical_date, report.logical_date);
  mergeInterval(run, report);
  setMarks(run, addMark(run.marks, markOf(report)));
  return countNow(run);
}

/** Replaces the marks, which are sorted. */
export function setMarks(run: Run, marks: readonly RunMark[]): void {
  const { marks: kept, folded } = foldMarks(marks, run.folded);
  run.marks = kept;
  run.folded = folded;
  run.attempts = attemptsOf(kept, folded.count);
  if (kept.length > 0) run.records_day = null;
}

/**
 * Counts marks that were not counted yet, and marks them as counted. A count is never taken back, even where later reports
 * merge marks.
 */
function countNow(run: Run): RunChange {
  const change: RunChange = { counted: [], durations: [] };
  for (const attempt of run.attempts) {
    const ends = attempt.marks.filter(isEnd);
    for (const end of ends) {
      if (ends.some(({ status, counted }) => counted && status === end.status)) continue;
      end.counted = true;
      change.counted.push(end.status as EndStatus);
    }
    if (attempt.end === null || ends.some(({ duration_counted }) => duration_counted)) continue;
    const seconds = durationToCount(attempt);
    if (seconds === null) continue;
    attempt.end.duration_counted = true;
    change.durations.push(seconds);
  }
  return change;
}

/** The interval that ends last; of equal ends the one that starts first. */
function mergeInterval(run: Run, report: RunReport): void {
  const { data_interval_start: start, data_interval_end: end } = report;
  if (end === null) {
    if (run.data_interval_end === null) run.data_interval_start = least(run.data_interval_start, start);
  } else if (run.data_interval_end === null || end > run.data_interval_end) {
    run.data_interval_end = end;
    run.data_interval_start = start ?? run.data_interval_start;
  } else if (end === run.data_interval_end) {
    run.data_interval_start = least(run.data_interval_start, start);
  }
}

export function summarize(run: Run): RunSummary {
  const latest = run.attempts.at(-1);
  const end = latest?.end ?? null;
  const ended = end !== null && end.status !== "retrying";
  const gone = run.given_up_at !== null && !ended;
  return {
    pipeline_name: run.pipeline_name,
    run_id: run.run_id,
    status: latest === undefined || gone ? "unknown" : (end?.status ?? "started"),
    attempt: latest?.number ?? latest?.ordinal ?? 1,
    started_at: latest?.started_at ?? null,
    finished_at: end?.own_at ?? null,
    duration_seconds: latest === undefined ? null : durationOf(latest),
    error: latest === undefined ? null : errorOf(latest),
    ended,
    ended_once: run.folded.ended_once || run.marks.some((mark) => isEnd(mark) && mark.status !== "retrying"),
    has_interval: run.data_interval_end !== null || run.logical_date !== null,
    run_order: runOrder({ ...run, started_at: earliestStart(run) }),
  };
}

export function speakingOf({ attempts, records_day }: Run): Speaking {
  const first = speakingFrom(attempts);
  const evidence_from = first?.ordinal ?? 1;
  return {
    attempt_no: attempts.at(-1)?.ordinal ?? 1,
    evidence_from,
    records_from: records_day ?? evidence_from,
    evidence_since: first === undefined || first === attempts[0] ? null : first.from,
  };
}

function earliestStart({ attempts, folded }: Run): number | null {
  return attempts.map(({ started_at }) => started_at).reduce(least, folded.started_at);
}

function least(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

function greatest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

function smallest(a: string | null, b: string | null): string | null {
  return a === null || b === null ? (a ?? b) : a < b ? a : b;
}
