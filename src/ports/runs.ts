import type { Reseated, RunEntry } from "../domain/run-book.ts";
import type { Around } from "../domain/runless-runs.ts";
import type { EndedRun, Standing } from "../domain/standing.ts";

/** A pipeline as the transaction that locked it sees it. */
export interface PipelineRow {
  pipeline_id: number;
  pipeline_name: string;
  /** null: no report was accepted yet. */
  born_at: number | null;
  /** A run of it was reported with a run_id. */
  has_named_runs: boolean;
  /** The greatest `at` of evidence without a run_id that no run-less run holds; null: there is none. */
  last_loose_at: number | null;
  archived: boolean;
  /** What its gate was last decided on; null: it was not decided yet. */
  gate: { run_key: number | null; run_order: number | null; ended_once: boolean } | null;
  standing: Standing;
}

/** `named`: of a pipeline whose runs have ids, so that counts alone make a run-less run. */
export interface AskedAround {
  run_key: number;
  pipeline_id: number;
  named: boolean;
  /** Milliseconds. */
  time: number;
}

/** The part of a transaction that is about runs. The pipelines are locked. */
export interface RunTx {
  loadRuns(
    refs: readonly { pipeline_name: string; run_id: string }[],
    keys: readonly { pipeline_name: string; run_key: number }[],
  ): Promise<RunEntry[]>;
  /** The run-less runs around these times: those that may hold what was reported then, and their neighbours. */
  loadRunless(asked: readonly { pipeline_name: string; at: number }[]): Promise<RunEntry[]>;
  /** The evidence of runs around a time, one answer for each, in their order. */
  evidenceAround(asked: readonly AskedAround[]): Promise<Around[]>;
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
