import { createHash } from "node:crypto";
import type pg from "pg";
import { numbers, texts, times } from "../../src/adapters/postgres/connection/values/array-literals.ts";

/** The rows that a batch becomes, inserted by nothing but `INSERT … SELECT … UNNEST` into tables of the agent's own definition. */
export interface BareBatch {
  quality: number;
  records: number;
  latency: number;
  freshness: number;
  /** With a row for each report's id, in the same transaction. */
  ids: boolean;
}

const QUALITY = `
  INSERT INTO quality_result (pipeline_id, check_id, run_key, attempt, score, threshold, passed, severity, error,
                              checked_at, recorded_at)
  SELECT pipeline_id, check_id, run_key, 1, score, 0.8, score >= 0.8, 'error', NULL, to_timestamp(at), now()
    FROM unnest($1::int[], $2::int[], $3::bigint[], $4::float8[], $5::float8[])
         AS u (pipeline_id, check_id, run_key, score, at)`;

const RECORDS = `
  INSERT INTO records_report (pipeline_id, stage_id, part_id, run_key, attempt, count, failed, at, recorded_at)
  SELECT pipeline_id, stage_id, 1, run_key, 1, count, 3, to_timestamp(at), now()
    FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[], $5::float8[])
         AS u (pipeline_id, stage_id, run_key, count, at)`;

const LATENCY = `
  INSERT INTO latency_report (pipeline_id, operation_id, run_key, at, recorded_at, count, sum_nanoseconds, buckets)
  SELECT pipeline_id, operation_id, run_key, to_timestamp(at), now(), 1, nanoseconds, '{0,1,0,0,0,0,0,0,0}'
    FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[], $5::float8[])
         AS u (pipeline_id, operation_id, run_key, nanoseconds, at)`;

const FRESHNESS = `
  INSERT INTO freshness_report (pipeline_id, dataset_id, run_key, data_through, at, recorded_at)
  SELECT pipeline_id, dataset_id, run_key, to_timestamp(through), to_timestamp(at), now()
    FROM unnest($1::int[], $2::int[], $3::bigint[], $4::float8[], $5::float8[])
         AS u (pipeline_id, dataset_id, run_key, through, at)`;

const IDS = `
  INSERT INTO report_id (id_hash, content_hash, received_at)
  SELECT id_hash, content_hash, now() FROM unnest($1::uuid[], $2::uuid[]) AS u (id_hash, content_hash)`;

const PIPELINES = 1000;
const TABLES = [
  ["quality", QUALITY],
  ["records", RECORDS],
  ["latency", LATENCY],
  ["freshness", FRESHNESS],
] as const;

let serial = 0;

/** Inserts one batch and commits it; the number of reports. */
export async function insertBare(client: pg.Client, batch: BareBatch): Promise<number> {
  const statements = TABLES.filter(([table]) => batch[table] > 0).map(([table, text]) => {
    return { name: `bare_${table}`, text: text as string, values: columns(table, batch[table]) };
  });
  const reports = batch.quality + batch.records + batch.latency + batch.freshness;
  if (batch.ids) statements.push({ name: "bare_ids", text: IDS, values: [hashes(reports), hashes(reports)] });
  if (statements.length === 1) await client.query(statements[0]!);
  else {
    await client.query("BEGIN");
    for (const statement of statements) await client.query(statement);
    await client.query("COMMIT");
  }
  return reports;
}

function columns(table: "quality" | "records" | "latency" | "freshness", rows: number): string[] {
  const each = (value: (i: number) => number) => Array.from({ length: rows }, (_, i) => value(serial + i));
  const now = Date.now();
  const value = {
    quality: (i: number) => 0.7 + (i % 30) / 100,
    records: (i: number) => 1000 + (i % 1000),
    latency: (i: number) => 10_000_000 + i,
    freshness: (i: number) => Math.floor(now / 1000) - (i % 3600),
  }[table];
  const made = [
    numbers(each((i) => (i % PIPELINES) + 1)),
    numbers(each((i) => (Math.floor(i / PIPELINES) % 5) + 1)),
    numbers(each((i) => i % 100_000)),
    numbers(each(value)),
    times(each(() => now)),
  ];
  serial += rows;
  return made;
}

function hashes(count: number): string {
  return texts(Array.from({ length: count }, () => createHash("md5").update(`bare ${serial++}`).digest("hex")));
}
