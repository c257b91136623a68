import type { Observed } from "../../../domain/observed.ts";
import type { Tally } from "../../../domain/tally.ts";
import { numbers, times } from "../array-literals.ts";
import type { NameTable } from "../names.ts";
import type { Query } from "./query.ts";

const INSERT = `
  INSERT INTO records_report (pipeline_id, stage_id, part_id, run_key, attempt, count, failed, expected_min, at, recorded_at)
  SELECT pipeline_id, stage_id, part_id, run_key, attempt, count, failed, expected_min, to_timestamp(at),
         to_timestamp($10::float8)
    FROM unnest($1::int[], $2::int[], $3::int[], $4::bigint[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[],
                $9::float8[])
         AS u (pipeline_id, stage_id, part_id, run_key, attempt, count, failed, expected_min, at)`;

/** Counts of one attempt add up; a higher attempt replaces what lower ones said for that part. */
const SAVE_RUN_RECORDS = `
  INSERT INTO run_records AS r (run_key, stage_id, part_id, attempt, count, failed, expected_min, last_at)
  SELECT run_key, stage_id, part_id, attempt, count, failed, expected_min, to_timestamp(last_at)
    FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[], $5::numeric[], $6::numeric[], $7::bigint[], $8::float8[])
         AS u (run_key, stage_id, part_id, attempt, count, failed, expected_min, last_at)
      ON CONFLICT (run_key, stage_id, part_id) DO UPDATE
     SET attempt = excluded.attempt,
         last_at = CASE WHEN r.attempt = excluded.attempt
                        THEN greatest(r.last_at, excluded.last_at) ELSE excluded.last_at END,
         count = CASE WHEN r.attempt = excluded.attempt THEN r.count + excluded.count ELSE excluded.count END,
         failed = CASE WHEN r.attempt = excluded.attempt
                       THEN coalesce(r.failed + excluded.failed, r.failed, excluded.failed)
                       ELSE excluded.failed END,
         expected_min = CASE WHEN r.attempt = excluded.attempt
                             THEN greatest(r.expected_min, excluded.expected_min)
                             ELSE excluded.expected_min END
   WHERE r.attempt <= excluded.attempt`;

const SAVE_TOTALS = `
  INSERT INTO records_total AS t (pipeline_id, stage_id, processed, failed, born_at)
  SELECT pipeline_id, stage_id, processed, failed, to_timestamp($5::float8)
    FROM unnest($1::int[], $2::int[], $3::numeric[], $4::numeric[]) AS u (pipeline_id, stage_id, processed, failed)
      ON CONFLICT (pipeline_id, stage_id) DO UPDATE
     SET processed = t.processed + excluded.processed, failed = t.failed + excluded.failed
  RETURNING pipeline_id, stage_id, processed, failed, born_at`;

export async function saveRecords(
  query: Query,
  pipelines: NameTable,
  names: NameTable,
  tally: Tally,
  now: number,
): Promise<Observed["records"]> {
  const { records: rows } = tally;
  if (rows.length === 0) return [];
  const inserted = query("insert_records", INSERT, [
    numbers(rows.map(({ report }) => pipelines.id(report.pipeline_name))),
    numbers(rows.map(({ report }) => names.id(report.stage))),
    numbers(rows.map(({ report }) => names.id(report.part))),
    numbers(rows.map(({ entry }) => entry.key)),
    numbers(rows.map(({ report }) => report.attempt)),
    numbers(rows.map(({ report }) => report.count)),
    numbers(rows.map(({ report }) => report.failed)),
    numbers(rows.map(({ report }) => report.expected_min)),
    times(rows.map(({ report }) => report.at)),
    now / 1000,
  ]);
  const evidence = [...tally.run_records.values()];
  const evidenced = query("save_run_records", SAVE_RUN_RECORDS, [
    numbers(evidence.map(({ entry }) => entry.key)),
    numbers(evidence.map(({ stage }) => names.id(stage))),
    numbers(evidence.map(({ part }) => names.id(part))),
    numbers(evidence.map(({ attempt }) => attempt)),
    numbers(evidence.map(({ count }) => count)),
    numbers(evidence.map(({ failed }) => failed)),
    numbers(evidence.map(({ expected_min }) => expected_min)),
    times(evidence.map(({ last_at }) => last_at)),
  ]);
  const totals = [...tally.records_totals.values()];
  const saving = query<{
    pipeline_id: number;
    stage_id: number;
    processed: number;
    failed: number;
    born_at: number;
  }>("save_records_totals", SAVE_TOTALS, [
    numbers(totals.map((total) => pipelines.id(total.pipeline_name))),
    numbers(totals.map((total) => names.id(total.stage))),
    numbers(totals.map((total) => total.processed)),
    numbers(totals.map((total) => total.failed)),
    now / 1000,
  ]);
  const [saved] = await Promise.all([saving, inserted, evidenced]);
  const byIds = new Map(saved.map((row) => [`${row.pipeline_id} ${row.stage_id}`, row]));
  return totals.map(({ pipeline_name, stage }) => {
    const { processed, failed, born_at } = byIds.get(`${pipelines.id(pipeline_name)} ${names.id(stage)}`)!;
    return { pipeline_name, stage, processed, failed, born_at };
  });
}
