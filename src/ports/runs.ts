import type { RunSpan } from "../domain/runs/run-span.ts";
import type { EndedRun } from "../domain/runs/run-state.ts";
import type { Around } from "../domain/runs/runless/runless-runs.ts";
import type { Reseated, RunEntry } from "../domain/runs/runs-of-commit.ts";
import type { PipelineRow } from "./pipelines.ts";

/** `named`: of a pipeline whose runs have ids, so that counts alone make a run-less run. */
export interface AskedAround {
  run_key: number;
  pipeline_id: number;
  named: boolean;
  /** Milliseconds. */
  time: number;
}

/** A run-less run that is gone: its evidence is loose. */
export interface Loosened {
  pipeline_id: number;
  run_key: number;
  /** The latest `at` of that evidence; null: it had none. */
  last_at: number | null;
}

/** The part of a transaction that is about runs. The pipelines are locked. */
export interface RunTx {
  loadRuns(
    refs: readonly { pipeline_name: string; run_id: string }[],
    keys: readonly { pipeline_name: string; run_key: number }[],
  ): Promise<RunEntry[]>;
  /** The run-less runs around these times: those that may hold what was reported then, and their neighbours. */
  loadRunless(asked: readonly { pipeline_name: string; at: number }[]): Promise<RunEntry[]>;
  /** The runs of each pipeline that were reported with a run_id, around a time; one answer for each. */
  runSpans(asked: readonly { pipeline_id: number; around: number }[]): Promise<RunSpan[][]>;
  /** The evidence of runs around a time, one answer for each, in their order. */
  evidenceAround(asked: readonly AskedAround[]): Promise<Around[]>;
  /** Lets go of the run-less runs of these pipelines that hold quality, drift and schemas alone, which become loose. */
  loosenRuns(pipeline_ids: readonly number[]): Promise<Loosened[]>;
  /** Keys for so many new runs. */
  reserveRunKeys(count: number): Promise<number[]>;
  saveRuns(entries: readonly RunEntry[]): Promise<void>;
  /** Brings stored evidence to the attempts that its runs have now. */
  placeEvidence(entries: readonly RunEntry[]): Promise<void>;
  /**
   * Deals stored evidence out among run-less runs by what they cover now. Answers the greatest `at` of what none of them
   * holds any more; null: there is none.
   */
  reseatEvidence(pipeline: PipelineRow, reseated: Reseated): Promise<number | null>;
  /** The latest ended runs of a pipeline, latest first; of equal run_order the one that ended last. */
  endedRuns(pipeline: PipelineRow, limit: number): Promise<EndedRun[]>;
}
