import { GREATER_VERSION, LATEST } from "../../../domain/commit/newest.ts";
import type { Tally } from "../../../domain/commit/tally.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import type { AskedGates } from "../gate/evidence/asked-gates.ts";
import { placeColumns } from "../runs/place-columns.ts";
import { speakingSchemasOf } from "../runs/speaking-evidence.ts";
import { evidenceOfRow, HELD, heldSchemas } from "../schema/held-schemas.ts";
import { bigint } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import type { KindTable } from "./kind-table.ts";
import { precedesSql } from "./precedence-sql.ts";

export const SAVE_SCHEMA_VERSIONS = statement(
  "save_schema_versions",
  {},
  `
  INSERT INTO schema_version AS s (pipeline_id, version, shape, complete, columns, seen_on)
  SELECT pipeline_id, version, shape, complete, columns::jsonb, (to_timestamp(at) AT TIME ZONE 'UTC')::date
    FROM unnest($1::int[], $2::text[], $3::text[], $4::boolean[], $5::text[], $6::float8[])
         AS u (pipeline_id, version, shape, complete, columns, at)
      ON CONFLICT (pipeline_id, version) DO UPDATE SET seen_on = excluded.seen_on WHERE excluded.seen_on > s.seen_on`,
);

export const INSERT_SCHEMAS = statement(
  "insert_schemas",
  {},
  `
  INSERT INTO schema_report (pipeline_id, dataset_id, run_key, attempt, try, version, at, recorded_at)
  SELECT pipeline_id, dataset_id, run_key, attempt, try, version, to_timestamp(at), to_timestamp($7::float8)
    FROM unnest($1::int[], $2::int[], $3::bigint[], $4::int[], $5::int[], $6::text[], $8::float8[])
         AS u (pipeline_id, dataset_id, run_key, attempt, try, version, at)`,
);

/** Of what says the same attempt and try the newest stays. */
export const SAVE_RUN_SCHEMAS = statement(
  "save_run_schemas",
  {},
  `
  INSERT INTO run_schema AS c (run_key, dataset_id, at, version, attempt, try, attempt_no, try_no)
  SELECT run_key, dataset_id, to_timestamp(at), version, attempt, try, attempt_no, try_no
    FROM unnest($1::bigint[], $2::int[], $3::float8[], $4::text[], $5::int[], $6::int[], $7::int[], $8::int[])
         AS u (run_key, dataset_id, at, version, attempt, try, attempt_no, try_no)
      ON CONFLICT (run_key, dataset_id, attempt, try) DO UPDATE
     SET at = excluded.at, version = excluded.version, attempt_no = excluded.attempt_no, try_no = excluded.try_no
   WHERE ${precedesSql([...LATEST, ...GREATER_VERSION], "excluded", "c", { orEqual: true })}`,
);

async function saveVersions(query: Query, pipelines: NameTable, { schemas }: Tally): Promise<void> {
  // One statement may touch a row once.
  const versions = new Map<string, Tally["schemas"][number]["report"]>();
  for (const { report } of schemas) {
    const key = `${pipelines.id(report.pipeline_name)} ${report.schema.version}`;
    const known = versions.get(key);
    if (known === undefined || known.at < report.at) versions.set(key, report);
  }
  const rows = [...versions.values()];
  await query(SAVE_SCHEMA_VERSIONS, [
    numbers(rows.map(({ pipeline_name }) => pipelines.id(pipeline_name))),
    texts(rows.map(({ schema }) => schema.version)),
    texts(rows.map(({ schema }) => schema.shape)),
    numbers(rows.map(({ schema }) => schema.complete)),
    texts(rows.map(({ schema }) => JSON.stringify(schema.columns))),
    times(rows.map(({ at }) => at)),
  ]);
}

async function insertSchemas(
  query: Query,
  pipelines: NameTable,
  names: NameTable,
  { schemas: rows }: Tally,
  now: number,
): Promise<void> {
  await query(INSERT_SCHEMAS, [
    numbers(rows.map(({ report }) => pipelines.id(report.pipeline_name))),
    numbers(rows.map(({ report }) => names.id(report.dataset))),
    numbers(rows.map(({ entry }) => entry?.key)),
    numbers(rows.map(({ report }) => report.attempt)),
    numbers(rows.map(({ report }) => report.try)),
    texts(rows.map(({ report }) => report.schema.version)),
    now / 1000,
    times(rows.map(({ report }) => report.at)),
  ]);
}

async function saveRunSchemas(query: Query, names: NameTable, { run_schemas }: Tally): Promise<void> {
  const rows = [...run_schemas.values()];
  if (rows.length === 0) return;
  await query(SAVE_RUN_SCHEMAS, [
    numbers(rows.map(({ entry }) => entry.key)),
    numbers(rows.map(({ dataset }) => names.id(dataset))),
    times(rows.map(({ at }) => at)),
    texts(rows.map(({ version }) => version)),
    ...placeColumns(rows),
  ]);
}

const SPEAKING = `(
      SELECT f.*, r.pipeline_id
        FROM ${speakingSchemasOf("unnest($1::bigint[], $2::int[]) AS r (run_key, evidence_from)")} f
        JOIN run r USING (run_key))`;

export const SCHEMA_EVIDENCE = statement(
  "schema_evidence",
  { run_key: bigint, ...HELD },
  heldSchemas(SPEAKING, ["run_key"]),
);

async function addSchemas(gates: AskedGates): Promise<void> {
  const rows = await gates.askRuns(SCHEMA_EVIDENCE, { of: ({ chosen }) => chosen.has_schemas, from: "evidence_from" });
  for (const { run_key, ...row } of rows) gates.ofRun(run_key).evidence.schemas!.push(evidenceOfRow(row));
}

export const SCHEMA_TABLE: KindTable<"schema"> = {
  async save({ query, pipelines, names, now }, tally) {
    if (tally.schemas.length === 0) return {};
    await Promise.all([
      saveVersions(query, pipelines, tally),
      insertSchemas(query, pipelines, names, tally, now),
      saveRunSchemas(query, names, tally),
    ]);
    return {};
  },
  restore: async () => ({}),
  addEvidence: addSchemas,
};
