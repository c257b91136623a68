import type pg from "pg";
import { numbers } from "../connection/values/array-literals.ts";
import { FORGET_POLICY_SETS } from "../replicas/policy-sets.ts";
import { forgetDays } from "../sla/forget-days.ts";
import { bigint } from "../statement/columns.ts";
import { execute, type Statement, select, statement } from "../statement/statement.ts";
import { dropMonths } from "./drop-months.ts";
import type { Partitions } from "./partitions.ts";

const EVIDENCE = [
  "run_outcome",
  "run_records",
  "run_check",
  "run_feature",
  "run_freshness",
  "run_latency",
  "run_schema",
  "rejected_item",
];

/** Rows a statement deletes, so that none of them holds locks or the disk for long. */
const STEP = 5000;

/** Drops the months of history that ended before `before` (milliseconds), and the runs, windows and rollups from then. */
export async function dropHistory(db: pg.Pool, partitions: Partitions, before: number): Promise<string[]> {
  const dropped = await dropMonths(db, before);
  if (dropped.length > 0) partitions.forget();
  const cut = [before / 1000];
  await forgetDays(db, before / 1000, STEP);
  for (const step of OLDER) await inSteps(db, step, cut);
  await execute(db, FORGET_POLICY_SETS, cut);
  await deleteRuns(db, cut);
  return dropped;
}

/** Whoever was refused may send a good report for as long as ids are known. */
export function deleteEarlyRejections(db: pg.Pool, before: number): Promise<void> {
  return inSteps(db, OLDER_EARLY_REJECTIONS, [before / 1000]);
}

/** What is older than $1 (seconds), a step of it. */
function older(table: string, condition: string): Statement {
  return statement(
    `older_${table}`,
    {},
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${STEP}))`,
  );
}

export const OLDER = [
  older("sla_hour", "hour < to_timestamp($1::float8)"),
  older("sla_month", "month < to_timestamp($1::float8) - interval '31 days'"),
  older("drift_window", "window_end < to_timestamp($1::float8)"),
  older("loose_histogram", "at < to_timestamp($1::float8)"),
  // A run may hold it for some days longer than it was reported.
  older("schema_version", "seen_on < (to_timestamp($1::float8) AT TIME ZONE 'UTC')::date - 31"),
  older("schema_baseline", "ended_at < to_timestamp($1::float8)"),
  older("gate_alert", "heard_at < to_timestamp($1::float8)"),
  older("gate_override", "expires_at < to_timestamp($1::float8)"),
  older("mute", "expires_at < to_timestamp($1::float8)"),
];

export const OLDER_EARLY_REJECTIONS = older("early_rejection", "first_at < to_timestamp($1::float8)");

async function inSteps(db: pg.Pool, step: Statement, values: unknown[]): Promise<void> {
  while ((await execute(db, step, values)) >= STEP);
}

/** The run goes last: what is left over after a crash is found again. */
export const FORGET_RUNS = [...EVIDENCE, "run"].map((table) =>
  statement(`forget_${table}_of_runs`, {}, `DELETE FROM ${table} WHERE run_key = ANY ($1::bigint[])`),
);

export const RUNS_TO_FORGET = statement(
  "runs_to_forget",
  { run_key: bigint },
  `SELECT run_key FROM run
    WHERE first_at < to_timestamp($1::float8) AND coalesce(finished_at, first_at) < to_timestamp($1::float8)
      AND NOT (runless AND NOT ended AND given_up_at IS NULL)
    LIMIT ${STEP}`,
);

/**
 * By when they were heard of: the interval of a backfill may be older than any retention. The open run-less run of a pipeline
 * stays, however old it is.
 */
async function deleteRuns(db: pg.Pool, values: unknown[]): Promise<void> {
  for (;;) {
    const rows = await select(db, RUNS_TO_FORGET, values);
    if (rows.length === 0) return;
    const keys = [numbers(rows.map(({ run_key }) => run_key))];
    for (const forget of FORGET_RUNS) await execute(db, forget, keys);
  }
}
