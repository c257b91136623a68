import type { Committed, LatencyTotal } from "../../../domain/commit/committed.ts";
import type { Tally } from "../../../domain/commit/tally.ts";
import { bucketsOfOperation } from "../../../domain/reports/buckets.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { arrays, numbers, times } from "../connection/values/array-literals.ts";
import type { AskedGates } from "../gate/evidence/asked-gates.ts";
import { bigint, bigintArray, integer, numeric, type RowOf, text, time } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import type { KindTable } from "./kind-table.ts";
import { ofShown } from "./shown-pipelines.ts";

export const HISTOGRAM = { buckets: bigintArray, count: bigint, sum_nanoseconds: numeric };

export const INSERT_LATENCY = statement(
  "insert_latency",
  {},
  `
  INSERT INTO latency_report (pipeline_id, operation_id, run_key, at, recorded_at, count, sum_nanoseconds, buckets)
  SELECT pipeline_id, operation_id, run_key, to_timestamp(at), to_timestamp($8::float8), count, sum_nanoseconds,
         buckets::int[]
    FROM unnest($1::int[], $2::int[], $3::bigint[], $4::float8[], $5::int[], $6::numeric[], $7::text[])
         AS u (pipeline_id, operation_id, run_key, at, count, sum_nanoseconds, buckets)`,
);

export const SAVE_LATENCY_TOTALS = statement(
  "save_latency_totals",
  {
    pipeline_id: integer,
    operation_id: integer,
    ...HISTOGRAM,
    born_at: time,
  },
  `
  INSERT INTO latency_total AS t (pipeline_id, operation_id, buckets, count, sum_nanoseconds, born_at)
  SELECT pipeline_id, operation_id, buckets::bigint[], count, sum_nanoseconds, to_timestamp($6::float8)
    FROM unnest($1::int[], $2::int[], $3::text[], $4::bigint[], $5::numeric[])
         AS u (pipeline_id, operation_id, buckets, count, sum_nanoseconds)
      ON CONFLICT (pipeline_id, operation_id) DO UPDATE
     SET buckets = add_buckets(t.buckets, excluded.buckets), count = t.count + excluded.count,
         sum_nanoseconds = t.sum_nanoseconds + excluded.sum_nanoseconds
  RETURNING pipeline_id, operation_id, buckets, count, sum_nanoseconds, born_at`,
);

/** Adds up in any order. */
export const SAVE_RUN_LATENCIES = statement(
  "save_run_latencies",
  {},
  `
  INSERT INTO run_latency AS t (run_key, operation_id, buckets, count, sum_nanoseconds)
  SELECT run_key, operation_id, buckets::bigint[], count, sum_nanoseconds
    FROM unnest($1::bigint[], $2::int[], $3::text[], $4::bigint[], $5::numeric[])
         AS u (run_key, operation_id, buckets, count, sum_nanoseconds)
      ON CONFLICT (run_key, operation_id) DO UPDATE
     SET buckets = add_buckets(t.buckets, excluded.buckets), count = t.count + excluded.count,
         sum_nanoseconds = t.sum_nanoseconds + excluded.sum_nanoseconds`,
);

async function saveRunLatencies(query: Query, names: NameTable, { run_latencies }: Tally): Promise<void> {
  if (run_latencies.size === 0) return;
  const rows = [...run_latencies.values()];
  await query(SAVE_RUN_LATENCIES, [
    numbers(rows.map(({ entry }) => entry.key)),
    numbers(rows.map(({ operation }) => names.id(operation))),
    arrays(rows.map(({ histogram }) => histogram.buckets)),
    numbers(rows.map(({ histogram }) => histogram.count)),
    numbers(rows.map(({ histogram }) => histogram.sum_nanoseconds)),
  ]);
}

export function histogramTotal({ buckets, count, sum_nanoseconds }: RowOf<typeof HISTOGRAM>): LatencyTotal {
  return { buckets, count, sum: sum_nanoseconds / 1e9 };
}

async function saveLatencies(
  query: Query,
  pipelines: NameTable,
  names: NameTable,
  tally: Tally,
  now: number,
): Promise<Committed["latencies"]> {
  const { latencies: rows } = tally;
  if (rows.length === 0) return [];
  const inserted = query(INSERT_LATENCY, [
    numbers(rows.map(({ report }) => pipelines.id(report.pipeline_name))),
    numbers(rows.map(({ report }) => names.id(report.operation))),
    numbers(rows.map(({ entry }) => entry?.key)),
    times(rows.map(({ report }) => report.at)),
    numbers(rows.map(({ report }) => report.histogram.count)),
    numbers(rows.map(({ report }) => report.histogram.sum_nanoseconds)),
    arrays(rows.map(({ report }) => report.histogram.buckets)),
    now / 1000,
  ]);
  const totals = [...tally.latency_totals.values()];
  const saving = query(SAVE_LATENCY_TOTALS, [
    numbers(totals.map((total) => pipelines.id(total.pipeline_name))),
    numbers(totals.map((total) => names.id(total.operation))),
    arrays(totals.map((total) => total.histogram.buckets)),
    numbers(totals.map((total) => total.histogram.count)),
    numbers(totals.map((total) => total.histogram.sum_nanoseconds)),
    now / 1000,
  ]);
  const [saved] = await Promise.all([saving, inserted]);
  const byIds = new Map(saved.map((row) => [`${row.pipeline_id} ${row.operation_id}`, row]));
  return totals.map(({ pipeline_name, operation }) => {
    const row = byIds.get(`${pipelines.id(pipeline_name)} ${names.id(operation)}`)!;
    return { pipeline_name, operation, histogram: histogramTotal(row), born_at: row.born_at };
  });
}

export const RESTORE_LATENCIES = ofShown(
  "restore_latencies",
  { pipeline_name: text, operation: text, ...HISTOGRAM, born_at: time },
  "pipeline_name, n.name AS operation, buckets, count, sum_nanoseconds, t.born_at",
  "JOIN latency_total t USING (pipeline_id) JOIN name n ON n.name_id = t.operation_id",
);

export const LATENCY_EVIDENCE = statement(
  "latency_evidence",
  { run_key: bigint, operation: text, ...HISTOGRAM },
  `
  SELECT l.run_key, n.name AS operation, l.buckets, l.count, l.sum_nanoseconds
    FROM run_latency l JOIN name n ON n.name_id = l.operation_id
   WHERE l.run_key = ANY ($1::bigint[])
   ORDER BY l.run_key, n.name`,
);

async function addLatencies(gates: AskedGates): Promise<void> {
  for (const row of await gates.askRuns(LATENCY_EVIDENCE, { of: ({ chosen }) => chosen.has_latencies })) {
    const { run_key, operation } = row;
    const latency = { operation, histogram: histogramTotal(row), bounds: bucketsOfOperation(operation) };
    gates.ofRun(run_key).evidence.latencies.push(latency);
  }
}

export const LATENCY_TABLE: KindTable<"latency"> = {
  async save({ query, pipelines, names, now }, tally) {
    const [latencies] = await Promise.all([
      saveLatencies(query, pipelines, names, tally, now),
      saveRunLatencies(query, names, tally),
    ]);
    return { latencies };
  },
  async restore(read) {
    const latencies = (await read(RESTORE_LATENCIES)).map((row) => {
      const { pipeline_name, operation, born_at } = row;
      return { pipeline_name, operation, histogram: histogramTotal(row), born_at };
    });
    return { latencies };
  },
  addEvidence: addLatencies,
};
