import type { HashedSchema } from "../../domain/reports/report.ts";
import type { BaselineSource, Schema, SchemaBaseline } from "../../domain/schema/schema.ts";
import type { PipelineRow } from "../pipelines.ts";

export interface DatasetRef {
  pipeline: PipelineRow;
  dataset: string;
}

/** What somebody declared or accepted. Times: milliseconds. */
export interface SetBaseline {
  source: Exclude<BaselineSource, "learned">;
  /** Whose schema it was; null: it was declared. */
  run_id: string | null;
  actor: string;
  set_at: number;
}

export interface NewBaseline extends SetBaseline {
  schema: HashedSchema;
  /** Runs from this place on add what they bring to it. */
  run_order: number;
}

/** The part of a transaction that is about baselines of schemas. The pipelines are locked. */
export interface SchemaTx {
  /** The schema of a dataset that speaks for the run; null: it has none. */
  schemaOfRun(ref: DatasetRef, run_id: string): Promise<{ schema: HashedSchema; run_order: number } | null>;
  /** Takes the place of the one before. */
  setSchemaBaseline(ref: DatasetRef, baseline: NewBaseline): Promise<void>;
  /** false: there is none. What was learned stays. */
  endSchemaBaseline(ref: DatasetRef, by: { actor: string; now: number }): Promise<boolean>;
}

/** A dataset with its newest schema and what that is held against, that which weighs most first. */
export interface SchemaRow {
  dataset: string;
  /** null: nothing was reported. */
  latest: (Schema & { run_id: string | null; at: number }) | null;
  baselines: SchemaBaseline[];
  /** What was declared or accepted; null: nothing. */
  set: SetBaseline | null;
}

export interface SchemaReader {
  /** By dataset; `dataset`: of this one alone, null: of all. */
  readSchemas(pipeline_name: string, dataset: string | null): Promise<SchemaRow[]>;
}
