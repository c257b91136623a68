import type { SlaFold } from "../domain/commit/tally-sla.ts";
import type { Decision } from "../domain/gate/decision.ts";
import type { RunState } from "../domain/runs/run-state.ts";

/** A pipeline as the transaction that locked it sees it. */
export interface PipelineRow {
  pipeline_id: number;
  pipeline_name: string;
  /** null: no report was accepted yet. */
  born_at: number | null;
  /** A run of it was reported with a run_id. */
  has_named_runs: boolean;
  /** Reports of runs that were not known then were refused: see CommitTx.saveRejected. */
  has_early_rejections: boolean;
  /** The greatest `at` of evidence without a run_id that no run-less run holds; null: there is none. */
  last_loose_at: number | null;
  /** A data_through was ahead of its report. */
  had_data_ahead: boolean;
  archived: boolean;
  /** What its gate was last decided on; null: it was not decided yet. */
  gate: { decision: Decision; run_key: number | null; run_order: number | null; ended_once: boolean } | null;
  run_state: RunState;
  sla_fold: SlaFold;
}

/** What a transaction needs to have ready before it starts: ids of names, and partitions for the months it writes. */
export interface Preparation {
  pipeline_names: Iterable<string>;
  /** By pipeline, the API key that names it: kept of those that are new. */
  key_names?: ReadonlyMap<string, string>;
  /** Stages, parts, checks, operations, datasets. */
  names: Iterable<string>;
  /** The `at` of each report, milliseconds. */
  times: Iterable<number>;
}

/** Names of pipelines, outside of a transaction. Throws `StoreError`, see Store. */
export interface PipelineStore {
  prepare(preparation: Preparation): Promise<void>;
  /** Which of these pipelines there are: a transaction may lock them as if they had been prepared. None is made. */
  findPipelines(names: readonly string[]): Promise<string[]>;
  /** Gives pipelines another name, with all their history, where nothing goes by the new one; answers which. */
  renamePipelines(names: Readonly<Record<string, string>>): Promise<string[]>;
}

/** The part of a transaction that is about the pipelines themselves; the lock comes before all else. */
export interface PipelineTx {
  /** Locks the pipelines until the end of the transaction, so that whoever reports to the same ones waits. */
  lockPipelines(names: readonly string[]): Promise<Map<string, PipelineRow>>;
  savePipelines(rows: readonly PipelineRow[]): Promise<void>;
}
