import type { Headline } from "../commit/committed.ts";
import type { RunSummary } from "./run.ts";

/** The values of the state gauges of a pipeline: a pure function of its ended runs, in any order of arrival. */
export interface RunState {
  /** run_order of the latest ended runs, greatest first, at most `GAUGE_RUNS`. */
  recent_orders: number[];
  last_success: Mark | null;
  last_failure: Mark | null;
  last_duration_seconds: number | null;
}

/** An ended run that a gauge shows: its order among the runs, and when it ended (milliseconds). */
export interface Mark {
  run_order: number;
  at: number;
}

/** The fields of an ended run that the state needs. */
export type EndedRun = Pick<RunSummary, "status" | "run_order" | "duration_seconds" | "has_interval"> & {
  finished_at: number;
};

/** The gauges of a check leave after this many finished runs without it. */
export const GAUGE_RUNS = 3;

export function emptyRunState(): RunState {
  return { recent_orders: [], last_success: null, last_failure: null, last_duration_seconds: null };
}

/**
 * The run state from the ended runs, latest first. A run of an older data interval that ended after a later run had already
 * ended is a backfill: it moves no gauge. Runs without intervals that overlap are no backfills. `known` stands in for marks
 * older than the runs given.
 */
export function runStateOf(runs: Iterable<EndedRun>, known?: RunState): RunState {
  const run_state = emptyRunState();
  let laterEnded = Number.POSITIVE_INFINITY;
  let oldest = Number.POSITIVE_INFINITY;
  for (const run of runs) {
    oldest = run.run_order;
    if (run_state.recent_orders.length === 0) run_state.last_duration_seconds = run.duration_seconds;
    if (run_state.recent_orders.length < GAUGE_RUNS) run_state.recent_orders.push(run.run_order);
    if (run.finished_at <= laterEnded || !run.has_interval) {
      laterEnded = Math.min(laterEnded, run.finished_at);
      const mark = { run_order: run.run_order, at: run.finished_at };
      if (run.status === "success") run_state.last_success ??= mark;
      if (run.status === "failed") run_state.last_failure ??= mark;
    }
  }
  run_state.last_success ??= older(known?.last_success, oldest);
  run_state.last_failure ??= older(known?.last_failure, oldest);
  return run_state;
}

function older(mark: Mark | null | undefined, order: number): Mark | null {
  return mark != null && mark.run_order < order ? mark : null;
}

/**
 * The run state after one more run ended. null: the run state alone does not determine it (the run is not the latest, or others
 * ended after it), and the runs have to be read again.
 */
export function advance(run_state: RunState, run: EndedRun): RunState | null {
  const [latest] = run_state.recent_orders;
  if (latest !== undefined && run.run_order <= latest) return null;
  if (endedAfter(run_state.last_success, run) || endedAfter(run_state.last_failure, run)) return null;
  const mark = { run_order: run.run_order, at: run.finished_at };
  return {
    recent_orders: [run.run_order, ...run_state.recent_orders].slice(0, GAUGE_RUNS),
    last_success: run.status === "success" ? mark : run_state.last_success,
    last_failure: run.status === "failed" ? mark : run_state.last_failure,
    last_duration_seconds: run.duration_seconds,
  };
}

function endedAfter(mark: Mark | null, run: EndedRun): boolean {
  return mark !== null && mark.at > run.finished_at;
}

/** Check gauges of runs before this one are too old to show; null while fewer runs have ended. */
export function gaugeHorizon(run_state: RunState): number | null {
  return run_state.recent_orders[GAUGE_RUNS - 1] ?? null;
}

export function headlineOf(pipeline_name: string, run_state: RunState): Headline {
  return {
    pipeline_name,
    last_success_at: run_state.last_success?.at ?? null,
    last_failure_at: run_state.last_failure?.at ?? null,
    last_duration_seconds: run_state.last_duration_seconds,
    gauge_horizon: gaugeHorizon(run_state),
  };
}
