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
  /** The greatest `at` of evidence without a run_id that no run-less run holds; null: there is none. */
  last_loose_at: number | null;
  /** A data_through was ahead of its report. */
  had_data_ahead: boolean;
  archived: boolean;
  /** What its gate was last decided on; null: it was not decided yet. */
  gate: { decision: Decision; run_key: number | null; run_order: number | null; ended_once: boolean } | null;
  run_state: RunState;
}
