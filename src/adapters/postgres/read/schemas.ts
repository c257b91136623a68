import type pg from "pg";
import type { SchemaColumn } from "../../../domain/schema/schema.ts";
import type { SchemaRow, SetBaseline } from "../../../ports.ts";
import { speakingSchemasOf } from "../runs/speaking-evidence.ts";
import { HELD, heldSchema, heldSchemas } from "../schema/held-schemas.ts";
import { boolean, jsonb, nullable, text, time, word } from "../statement/columns.ts";
import { select, statement } from "../statement/statement.ts";

/** Runs, and reports without a run, that are looked back on for the newest schema of each dataset. */
const RUNS_BACK = 100;
const REPORTS_BACK = 1000;

const PIPELINE = "(SELECT pipeline_id FROM pipeline WHERE pipeline_name = $1)";

const IS_ASKED = "($2::text IS NULL OR dataset_id = (SELECT name_id FROM name WHERE name = $2))";

/** Without a run its own time is its place among the runs. */
const NEWEST = `(
      SELECT DISTINCT ON (dataset_id) *
        FROM (SELECT r.pipeline_id, f.dataset_id, f.version, f.at, f.run_key, r.run_id, r.run_order AS place
                FROM ${speakingSchemasOf(`(SELECT * FROM run WHERE pipeline_id = ${PIPELINE} ORDER BY run_order DESC, run_key DESC LIMIT ${RUNS_BACK}) r`)} f
                JOIN run r USING (run_key)
               WHERE ${IS_ASKED}
               UNION ALL
             (SELECT pipeline_id, dataset_id, version, at, NULL, NULL, at
                FROM schema_report WHERE pipeline_id = ${PIPELINE} AND run_key IS NULL AND ${IS_ASKED} ORDER BY at DESC LIMIT ${REPORTS_BACK})) one
       ORDER BY dataset_id, place DESC, at DESC, version DESC)`;

export const NEWEST_SCHEMAS = statement(
  "newest_schemas",
  { run_id: nullable(text), ...HELD },
  heldSchemas(NEWEST, ["run_id"], { whole: true }),
);

export const STANDING_BASELINES = statement(
  "standing_baselines",
  {
    dataset: text,
    source: word<SetBaseline["source"]>(),
    run_id: nullable(text),
    actor: text,
    set_at: time,
    complete: boolean,
    columns: jsonb<SchemaColumn[]>(),
  },
  `
  SELECT n.name AS dataset, b.source, b.run_id, b.actor, b.set_at, b.complete, b.columns
    FROM schema_baseline b JOIN name n ON n.name_id = b.dataset_id
   WHERE b.pipeline_id = ${PIPELINE} AND b.ended_at IS NULL AND ${IS_ASKED}`,
);

export async function readSchemas(db: pg.Pool, pipeline_name: string, dataset: string | null): Promise<SchemaRow[]> {
  const [newest, standing] = await Promise.all([
    select(db, NEWEST_SCHEMAS, [pipeline_name, dataset]),
    select(db, STANDING_BASELINES, [pipeline_name, dataset]),
  ]);
  const found = new Map<string, SchemaRow>();
  for (const { columns, complete, ...set } of standing) {
    const { dataset, source, run_id, actor, set_at } = set;
    const baselines = [{ source, complete, columns }];
    found.set(dataset, { dataset, latest: null, baselines, set: { source, run_id, actor, set_at } });
  }
  for (const { run_id, ...row } of newest) {
    const { dataset, at, columns, complete, baselines } = heldSchema(row);
    const latest = { run_id, at, complete, columns: columns ?? [] };
    found.set(dataset, { dataset, latest, baselines, set: found.get(dataset)?.set ?? null });
  }
  return [...found.values()].sort((a, b) => (a.dataset < b.dataset ? -1 : 1));
}
