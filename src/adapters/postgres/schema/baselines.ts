import type { HashedSchema } from "../../../domain/reports/report.ts";
import type { SchemaColumn } from "../../../domain/schema/schema.ts";
import type { DatasetRef, NewBaseline } from "../../../ports.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { speakingSchemasOf } from "../runs/speaking-evidence.ts";
import { boolean, jsonb, text, time } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";

export const SCHEMA_OF_RUN = statement(
  "schema_of_run",
  { run_order: time, version: text, shape: text, complete: boolean, columns: jsonb<SchemaColumn[]>() },
  `
  SELECT s.run_order, v.version, v.shape, v.complete, v.columns
    FROM ${speakingSchemasOf("(SELECT * FROM run WHERE pipeline_id = $1 AND run_id = $3) r")} e
    JOIN run s USING (run_key)
    JOIN schema_version v ON v.pipeline_id = $1 AND v.version = e.version
   WHERE e.dataset_id = $2`,
);

export async function schemaOfRun(
  query: Query,
  names: NameTable,
  { pipeline, dataset }: DatasetRef,
  run_id: string,
): Promise<{ schema: HashedSchema; run_order: number } | null> {
  const [row] = await query(SCHEMA_OF_RUN, [pipeline.pipeline_id, names.id(dataset), run_id]);
  if (row === undefined) return null;
  const { run_order, ...schema } = row;
  return { schema, run_order };
}

export const END_SCHEMA_BASELINE = statement(
  "end_schema_baseline",
  {},
  `
  UPDATE schema_baseline SET ended_at = to_timestamp($3::float8), ended_by = $4
   WHERE pipeline_id = $1 AND dataset_id = $2 AND ended_at IS NULL`,
);

export async function endSchemaBaseline(
  query: Query,
  names: NameTable,
  { pipeline, dataset }: DatasetRef,
  { actor, now }: { actor: string; now: number },
): Promise<boolean> {
  const values = [pipeline.pipeline_id, names.id(dataset), now / 1000, actor];
  return (await query.count(END_SCHEMA_BASELINE, values)) > 0;
}

export const ADD_SCHEMA_BASELINE = statement(
  "add_schema_baseline",
  {},
  `
  INSERT INTO schema_baseline (pipeline_id, dataset_id, source, version, shape, complete, columns, run_id, run_order, actor, set_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, to_timestamp($9::float8), $10, to_timestamp($11::float8))`,
);

export async function setSchemaBaseline(
  query: Query,
  names: NameTable,
  ref: DatasetRef,
  { source, schema, run_id, run_order, actor, set_at }: NewBaseline,
): Promise<void> {
  await endSchemaBaseline(query, names, ref, { actor, now: set_at });
  const { version, shape, complete, columns } = schema;
  await query(ADD_SCHEMA_BASELINE, [
    ref.pipeline.pipeline_id,
    names.id(ref.dataset),
    source,
    version,
    shape,
    complete,
    JSON.stringify(columns),
    run_id,
    run_order / 1000,
    actor,
    set_at / 1000,
  ]);
}
