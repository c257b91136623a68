import { placeOfEvidence, type SaidPlace } from "../../../domain/runs/attempts/attempt-of-evidence.ts";
import { placeOfRecords } from "../../../domain/runs/attempts/place-of-evidence.ts";
import type { Run } from "../../../domain/runs/run.ts";
import type { RunEntry } from "../../../domain/runs/runs-of-commit.ts";
import type { Query } from "../connection/query.ts";
import { numbers } from "../connection/values/array-literals.ts";
import { bigint, integer, nullable, text, time } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import { addRunRecords, type RecordsSum } from "../tables/records.ts";

/**
 * Brings stored evidence to the attempts that its runs have now. Checks, features and schemas keep the latest of what says the same,
 * and a later time is never of an earlier attempt, so their rows know all that is needed. Counts are sums: where an attempt
 * begins inside one, the run's reports are added up again.
 */
export async function placeEvidence(query: Query, entries: readonly RunEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const runs = new Map(entries.map(({ key, run }) => [key!, run]));
  await placeNamed(query, runs);
  await placeRecords(query, runs);
}

type Runs = ReadonlyMap<number, Run>;

type Evidence = "run_check" | "run_feature" | "run_schema";

const IDS = { run_check: "check_id", run_feature: "feature_id", run_schema: "dataset_id" };

const ROWS = {
  run_key: bigint,
  id: integer,
  attempt: integer,
  try: integer,
  attempt_no: integer,
  try_no: integer,
  at: time,
};

const rowsOf = (table: Evidence) =>
  statement(
    `rows_of_${table}`,
    ROWS,
    `SELECT run_key, ${IDS[table]} AS id, attempt, try, attempt_no, try_no, at FROM ${table} WHERE run_key = ANY ($1::bigint[])`,
  );
export const ROWS_OF = {
  run_check: rowsOf("run_check"),
  run_feature: rowsOf("run_feature"),
  run_schema: rowsOf("run_schema"),
};

const place = (table: Evidence) =>
  statement(
    `place_${table}`,
    {},
    `UPDATE ${table} t SET attempt_no = u.attempt_no, try_no = u.try_no
       FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[])
            AS u (run_key, id, attempt, try, attempt_no, try_no)
      WHERE t.run_key = u.run_key AND t.${IDS[table]} = u.id AND t.attempt = u.attempt AND t.try = u.try`,
  );
export const PLACE = {
  run_check: place("run_check"),
  run_feature: place("run_feature"),
  run_schema: place("run_schema"),
};

/** Of checks, features and schemas. */
export async function placeNamed(query: Query, runs: Runs): Promise<void> {
  await Promise.all((Object.keys(IDS) as Evidence[]).map((table) => placeRows(query, table, runs)));
}

async function placeRows(query: Query, table: Evidence, runs: Runs): Promise<void> {
  const rows = await query(ROWS_OF[table], [numbers([...runs.keys()])]);
  const moved = rows.flatMap((row) => {
    const place = placeOfEvidence(runs.get(row.run_key)!.attempts, said(row, row.at));
    return place.attempt_no === row.attempt_no && place.try_no === row.try_no ? [] : [{ ...row, ...place }];
  });
  if (moved.length === 0) return;
  await query(PLACE[table], [
    numbers(moved.map(({ run_key }) => run_key)),
    numbers(moved.map((row) => row.id)),
    numbers(moved.map(({ attempt }) => attempt)),
    numbers(moved.map((row) => row.try)),
    numbers(moved.map(({ attempt_no }) => attempt_no)),
    numbers(moved.map(({ try_no }) => try_no)),
  ]);
}

export const SUMS_OF_RUNS = statement(
  "sums_of_runs",
  {
    run_key: bigint,
    stage_id: integer,
    part_id: integer,
    attempt: integer,
    try: integer,
    attempt_no: integer,
    try_no: integer,
    count: text,
    failed: nullable(text),
    expected_min: nullable(bigint),
    stage_expected_min: nullable(bigint),
    first_at: nullable(time),
    last_at: nullable(time),
  },
  `
  SELECT run_key, stage_id, part_id, attempt, try, attempt_no, try_no, count::text AS count, failed::text AS failed,
         expected_min, stage_expected_min, first_at, last_at
    FROM run_records WHERE run_key = ANY ($1::bigint[])`,
);

async function placeRecords(query: Query, runs: Runs): Promise<void> {
  const stored = await query(SUMS_OF_RUNS, [numbers([...runs.keys()])]);
  const divided = new Set<number>();
  const moved = new Set<number>();
  for (const sum of stored) {
    const run = runs.get(sum.run_key)!;
    const [first, last] = [sum.first_at, sum.last_at].map((at) => at !== null && placeOfRecords(run, said(sum, at)));
    if (!first || !last || first.attempt_no !== last.attempt_no) divided.add(sum.run_key);
    else if (first.attempt_no !== sum.attempt_no || first.try_no !== sum.try_no) moved.add(sum.run_key);
  }
  const whole = stored.filter(({ run_key }) => moved.has(run_key) && !divided.has(run_key));
  const kept = whole.map(({ count, failed, ...sum }): RecordsSum => {
    const [first_at, last_at] = [sum.first_at!, sum.last_at!];
    const place = placeOfRecords(runs.get(sum.run_key)!, said(sum, first_at));
    return {
      ...sum,
      ...place,
      first_at,
      last_at,
      count: BigInt(count),
      failed: failed === null ? null : BigInt(failed),
    };
  });
  await replaceRecords(query, [...moved, ...divided], [...kept, ...(await readAgain(query, runs, [...divided]))]);
}

/** Adds up the counts of these runs from what was reported. */
export async function recordsOfReports(query: Query, runs: Runs): Promise<void> {
  const keys = [...runs.keys()];
  await replaceRecords(query, keys, await readAgain(query, runs, keys));
}

export const FORGET_RUN_RECORDS = statement(
  "forget_run_records",
  {},
  "DELETE FROM run_records WHERE run_key = ANY ($1::bigint[])",
);

async function replaceRecords(query: Query, keys: readonly number[], sums: readonly RecordsSum[]): Promise<void> {
  if (keys.length === 0) return;
  await query(FORGET_RUN_RECORDS, [numbers(keys)]);
  await addRunRecords(query, addedUp(sums));
}

export const REPORTS_OF_RUNS = statement(
  "reports_of_runs",
  {
    run_key: bigint,
    stage_id: integer,
    part_id: integer,
    attempt: integer,
    try: integer,
    count: text,
    failed: nullable(text),
    expected_min: nullable(bigint),
    stage_expected_min: nullable(bigint),
    at: time,
  },
  `
  SELECT run_key, stage_id, part_id, coalesce(attempt, 0) AS attempt, coalesce(try, 0) AS try, sum(count)::text AS count,
         sum(failed)::text AS failed, max(expected_min) AS expected_min, max(stage_expected_min) AS stage_expected_min, at
    FROM records_report WHERE run_key = ANY ($1::bigint[])
   GROUP BY run_key, stage_id, part_id, attempt, try, at`,
);

async function readAgain(query: Query, runs: Runs, keys: readonly number[]): Promise<RecordsSum[]> {
  if (keys.length === 0) return [];
  const rows = await query(REPORTS_OF_RUNS, [numbers(keys)]);
  return rows.map(({ at, count, failed, ...row }) => ({
    ...row,
    ...placeOfRecords(runs.get(row.run_key)!, said(row, at)),
    count: BigInt(count),
    failed: failed === null ? null : BigInt(failed),
    first_at: at,
    last_at: at,
  }));
}

/** One statement may touch a row once. */
function addedUp(sums: readonly RecordsSum[]): RecordsSum[] {
  const rows = new Map<string, RecordsSum>();
  for (const sum of sums) {
    const { run_key, stage_id, part_id, attempt, attempt_no } = sum;
    const key = [run_key, stage_id, part_id, attempt, sum.try, attempt_no].join(" ");
    const known = rows.get(key);
    rows.set(key, known === undefined ? sum : together(known, sum));
  }
  return [...rows.values()];
}

function together(a: RecordsSum, b: RecordsSum): RecordsSum {
  return {
    ...a,
    count: a.count + b.count,
    failed: a.failed === null ? b.failed : a.failed + (b.failed ?? 0n),
    expected_min: greatest(a.expected_min, b.expected_min),
    stage_expected_min: greatest(a.stage_expected_min, b.stage_expected_min),
    first_at: Math.min(a.first_at, b.first_at),
    last_at: Math.max(a.last_at, b.last_at),
  };
}

function greatest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

/** 0: it said none. */
function said(row: { attempt: number; try: number }, at: number): SaidPlace {
  return { attempt: row.attempt === 0 ? null : row.attempt, try: row.try === 0 ? null : row.try, at };
}
