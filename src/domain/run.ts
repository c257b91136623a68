import type { EndStatus, RunReport, RunReportStatus } from "./report.ts";

/**
 * A run is a set of outcomes, one for each distinct (attempt, status) that was reported, each merged from all reports that
 * said it by minima and maxima. So reports may arrive in any order, any number of times, and end in the same run.
 */
export interface Run {
  pipeline_name: string;
  run_id: string;
  /** The earliest `at` of anything heard of the run. */
  first_at: number;
  data_interval_start: number | null;
  data_interval_end: number | null;
  outcomes: RunOutcome[];
  traceparent: string | null;
  /** Somebody took it out of baselines and SLA. */
  invalidated: boolean;
  /** It was reported without a run_id, which the agent gave it. */
  runless: boolean;
}

export interface RunOutcome {
  attempt: number;
  status: RunReportStatus;
  /** `started`: the earliest it was said to be true; else the latest. */
  at: number;
  started_at: number | null;
  finished_at: number | null;
  duration_seconds: number | null;
  error: string | null;
  /** Its duration has gone into the histogram: that happens once. */
  observed: boolean;
}

export type RunStatus = RunReportStatus | "unknown";

/** What a run looks like from outside. `unknown`: only evidence was reported, never a status. */
export interface RunSummary {
  pipeline_name: string;
  run_id: string;
  status: RunStatus;
  attempt: number;
  started_at: number | null;
  finished_at: number | null;
  duration_seconds: number | null;
  error: string | null;
  /** It came to an end: neither running nor waiting for a retry. */
  ended: boolean;
  /** It has ended, though it may have been started again since. */
  ended_once: boolean;
  /** It says which interval of data it is about. */
  has_interval: boolean;
  /** Which run is later than which: the end of its data interval, else its start, else when it was first heard of. */
  run_order: number;
}

export function newRun(pipeline_name: string, run_id: string, at: number, runless = false): Run {
  return {
    pipeline_name,
    run_id,
    first_at: at,
    data_interval_start: null,
    data_interval_end: null,
    outcomes: [],
    traceparent: null,
    invalidated: false,
    runless,
  };
}

/** What a report changed: the outcome, when this (attempt, status) was not known before, and durations known for the first time. */
export interface RunChange {
  counted: EndStatus | null;
  durations: number[];
}

/** Merges a report into the run. */
export function applyRunReport(run: Run, report: RunReport): RunChange {
  run.first_at = Math.min(run.first_at, report.at);
  run.traceparent = smallest(run.traceparent, report.traceparent);
  mergeInterval(run, report);
  const known = run.outcomes.find((o) => o.attempt === report.attempt && o.status === report.status);
  const said = outcomeOf(report);
  if (known === undefined) run.outcomes.push(said);
  else mergeOutcome(known, said);
  return {
    counted: known === undefined && report.status !== "started" ? report.status : null,
    durations: observeDurations(run, report.attempt),
  };
}

function outcomeOf(report: RunReport): RunOutcome {
  const started = report.status === "started";
  return {
    attempt: report.attempt,
    status: report.status,
    at: report.at,
    started_at: report.started_at ?? (started ? report.at : null),
    finished_at: started ? null : (report.finished_at ?? report.at),
    duration_seconds: started ? null : report.duration_seconds,
    error: report.error,
    observed: false,
  };
}

function mergeOutcome(known: RunOutcome, said: RunOutcome): void {
  known.at = known.status === "started" ? Math.min(known.at, said.at) : Math.max(known.at, said.at);
  known.started_at = least(known.started_at, said.started_at);
  known.finished_at = greatest(known.finished_at, said.finished_at);
  known.duration_seconds = greatest(known.duration_seconds, said.duration_seconds);
  known.error = longest(known.error, said.error);
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

function observeDurations(run: Run, attempt: number): number[] {
  const durations: number[] = [];
  for (const outcome of run.outcomes) {
    if (outcome.attempt !== attempt || outcome.observed || outcome.status === "started") continue;
    const seconds = durationOf(run, outcome);
    if (seconds === null) continue;
    outcome.observed = true;
    durations.push(seconds);
  }
  return durations;
}

/** `duration_seconds`, else finished − started, else unknown. Clocks that disagree (a negative span) are unknown too. */
export function durationOf(run: Run, outcome: RunOutcome): number | null {
  if (outcome.duration_seconds !== null) return outcome.duration_seconds;
  const started = outcome.started_at ?? startOf(run, outcome.attempt);
  if (started === null || outcome.finished_at === null || outcome.finished_at < started) return null;
  return (outcome.finished_at - started) / 1000;
}

function startOf(run: Run, attempt: number): number | null {
  return run.outcomes.find((o) => o.attempt === attempt && o.status === "started")?.started_at ?? null;
}

export function summarize(run: Run): RunSummary {
  const end = lastEnd(run);
  const start = lastStart(run);
  const running = start !== null && (end === null || start.attempt > end.attempt);
  const decisive = running ? start : end;
  return {
    pipeline_name: run.pipeline_name,
    run_id: run.run_id,
    status: decisive?.status ?? "unknown",
    attempt: decisive?.attempt ?? 1,
    started_at: decisive === null ? null : (decisive.started_at ?? startOf(run, decisive.attempt)),
    finished_at: decisive?.finished_at ?? null,
    duration_seconds: decisive === null || running ? null : durationOf(run, decisive),
    error: decisive?.error ?? null,
    ended: !running && end !== null && end.status !== "retrying",
    ended_once: run.outcomes.some(({ status }) => status !== "started" && status !== "retrying"),
    has_interval: run.data_interval_end !== null,
    run_order: runOrder(run),
  };
}

/** Of what ended it, the greatest (attempt, at); on a tie the worst. */
function lastEnd(run: Run): RunOutcome | null {
  let last: RunOutcome | null = null;
  for (const outcome of run.outcomes) {
    if (outcome.status === "started") continue;
    if (last === null || endsLater(outcome, last)) last = outcome;
  }
  return last;
}

const WORST_FIRST: readonly EndStatus[] = ["failed", "retrying", "cancelled", "skipped", "success"];

function endsLater(a: RunOutcome, b: RunOutcome): boolean {
  if (a.attempt !== b.attempt) return a.attempt > b.attempt;
  if (a.at !== b.at) return a.at > b.at;
  return WORST_FIRST.indexOf(a.status as EndStatus) < WORST_FIRST.indexOf(b.status as EndStatus);
}

function lastStart(run: Run): RunOutcome | null {
  let last: RunOutcome | null = null;
  for (const outcome of run.outcomes) {
    if (outcome.status === "started" && (last === null || outcome.attempt > last.attempt)) last = outcome;
  }
  return last;
}

/** A run that is retried or cleared keeps its place: its earliest start counts. */
function runOrder(run: Run): number {
  if (run.data_interval_end !== null) return run.data_interval_end;
  const starts = run.outcomes.map((o) => o.started_at).reduce(least, null);
  return starts ?? run.first_at;
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

/** The longer text tells more; of equal length the greater, so that order of arrival does not matter. */
function longest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  if (a.length !== b.length) return a.length > b.length ? a : b;
  return a > b ? a : b;
}
