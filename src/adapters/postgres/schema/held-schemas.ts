import { type HeldSchema, type SchemaEvidence, schemaEvidence } from "../../../domain/gate/evidence/schema-evidence.ts";
import { type BaselineSource, type SchemaColumn, STOOD_FOR_RUNS } from "../../../domain/schema/schema.ts";
import { boolean, integer, jsonb, nullable, type RowOf, text, time, word } from "../statement/columns.ts";

/** Runs that are looked back on for a schema that stood. */
const RUNS_BACK = 30;

/** Columns are NULL where names and families are those of both baselines: nothing that is judged differs. */
export const HELD = {
  dataset: text,
  at: time,
  version: text,
  size: integer,
  complete: boolean,
  columns: nullable(jsonb<SchemaColumn[]>()),
  source: nullable(word<BaselineSource>()),
  fixed_complete: nullable(boolean),
  fixed_columns: nullable(jsonb<SchemaColumn[]>()),
  learned_complete: nullable(boolean),
  learned_columns: nullable(jsonb<SchemaColumn[]>()),
};

/** The last places of the runs before the run `s` that went well, and from the place of a baseline `b` on. */
const GOOD_RUNS = `
             SELECT run_key, evidence_from, run_order
               FROM (SELECT x.run_key, x.evidence_from, x.run_order, x.status, x.ended, x.invalidated_at
                       FROM run x
                      WHERE x.pipeline_id = e.pipeline_id AND x.run_key IS DISTINCT FROM s.run_key
                        AND x.run_order <= coalesce(s.run_order, 'infinity')
                        AND x.run_order >= coalesce(b.run_order, '-infinity')
                      ORDER BY x.run_order DESC, x.run_key DESC LIMIT ${RUNS_BACK}) back
              WHERE ended AND status = 'success' AND invalidated_at IS NULL`;

const STOOD = Array.from({ length: STOOD_FOR_RUNS - 1 }, (_, i) => i + 1);

/** The last schema that each of several good runs in a row had. */
const LEARNED = `
           SELECT stood.version
             FROM (SELECT k.version, k.shape, good.run_order, good.run_key,
                          ${STOOD.map((i) => `lead(k.shape, ${i}) OVER o AS shape_${i}`).join(", ")}
                     FROM (${GOOD_RUNS}) good
                    CROSS JOIN LATERAL (
                            SELECT one.version, w.shape
                              FROM run_schema one
                              JOIN schema_version w ON w.pipeline_id = e.pipeline_id AND w.version = one.version
                             WHERE one.run_key = good.run_key AND one.dataset_id = e.dataset_id
                               AND one.attempt_no >= good.evidence_from
                             ORDER BY one.attempt_no DESC, one.try_no DESC, one.at DESC, one.version DESC LIMIT 1) k
                   WINDOW o AS (ORDER BY good.run_order DESC, good.run_key DESC)) stood
            WHERE ${STOOD.map((i) => `stood.shape = stood.shape_${i}`).join(" AND ")}
            ORDER BY stood.run_order DESC, stood.run_key DESC LIMIT 1`;

const SAME = "coalesce(b.shape, v.shape) = v.shape AND coalesce(l.shape, v.shape) = v.shape";

/**
 * Schemas with the baselines that they are held against. `source`: SQL of rows (pipeline_id, dataset_id, version, at, and run_key:
 * the run that they count for, or NULL), `also`: further columns of them, `whole`: with the columns even where nothing differs.
 */
export function heldSchemas(source: string, also: readonly string[], { whole = false } = {}): string {
  const unlessSame = (columns: string) => (whole ? columns : `CASE WHEN ${SAME} THEN NULL ELSE ${columns} END`);
  const columns = also.map((column) => `e.${column}, `).join("");
  return `
  SELECT ${columns}n.name AS dataset, e.at, v.version, jsonb_array_length(v.columns) AS size, v.complete,
         ${unlessSame("v.columns")} AS columns,
         b.source, b.complete AS fixed_complete, ${unlessSame("b.columns")} AS fixed_columns,
         l.complete AS learned_complete, ${unlessSame("l.columns")} AS learned_columns
    FROM ${source} e
    JOIN name n ON n.name_id = e.dataset_id
    JOIN schema_version v ON v.pipeline_id = e.pipeline_id AND v.version = e.version
    LEFT JOIN run s ON s.run_key = e.run_key
    LEFT JOIN schema_baseline b ON b.pipeline_id = e.pipeline_id AND b.dataset_id = e.dataset_id AND b.ended_at IS NULL
    LEFT JOIN LATERAL (${LEARNED}) t ON true
    LEFT JOIN schema_version l ON l.pipeline_id = e.pipeline_id AND l.version = t.version
   ORDER BY ${columns}n.name`;
}

export function heldSchema(row: RowOf<typeof HELD>): HeldSchema {
  const { dataset, at, version, size, complete, columns, source, fixed_complete, learned_complete } = row;
  const { fixed_columns, learned_columns } = row;
  const fixed = source === null ? [] : [{ source, complete: fixed_complete!, columns: fixed_columns ?? [] }];
  const learned =
    learned_complete === null
      ? []
      : [{ source: "learned" as const, complete: learned_complete, columns: learned_columns ?? [] }];
  return { dataset, at, version, size, complete, columns, baselines: [...fixed, ...learned] };
}

export function evidenceOfRow(row: RowOf<typeof HELD>): SchemaEvidence {
  return schemaEvidence(heldSchema(row));
}
