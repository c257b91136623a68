import type pg from "pg";
import { numbers } from "../connection/array-literals.ts";
import { PARTITIONED, type Partitions } from "./partitions.ts";

const EVIDENCE = [
  "run_outcome",
  "run_records",
  "run_check",
  "run_feature",
  "run_freshness",
  "run_latency",
  "rejected_item",
];

/** Rows a statement deletes, so that none of them holds locks or the disk for long. */
const STEP = 5000;

/** Drops the months of history that ended before `before` (milliseconds), and the runs, windows and rollups from then. */
export async function dropHistory(db: pg.Pool, partitions: Partitions, before: number): Promise<string[]> {
  const dropped: string[] = [];
  for (const table of PARTITIONED) {
    const { rows } = await db.query<{ name: string; until: string }>(
      `SELECT c.relname AS name, substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \\(''([^'']+)''\\)') AS until
         FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass($1)`,
      [table],
    );
    for (const { name, until } of rows) {
      if (Date.parse(`${until.replace(" ", "T")}:00`) > before) continue;
      await db.query(`DROP TABLE IF EXISTS ${name}`);
      dropped.push(name);
    }
  }
  if (dropped.length > 0) partitions.forget();
  const cut = [before / 1000];
  await inSteps(db, "sla_hour", "hour < to_timestamp($1::float8)", cut);
  await inSteps(db, "sla_day", "day < to_timestamp($1::float8)", cut);
  await inSteps(db, "drift_window", "window_end < to_timestamp($1::float8)", cut);
  await inSteps(db, "loose_histogram", "at < to_timestamp($1::float8)", cut);
  await inSteps(db, "gate_alert", "heard_at < to_timestamp($1::float8)", cut);
  await inSteps(db, "gate_override", "expires_at < to_timestamp($1::float8)", cut);
  await inSteps(db, "mute", "expires_at < to_timestamp($1::float8)", cut);
  await deleteRuns(db, cut);
  return dropped;
}

export function deleteReportIds(db: pg.Pool, before: number): Promise<number> {
  return inSteps(db, "report_id", "received_at < to_timestamp($1::float8)", [before / 1000]);
}

async function inSteps(db: pg.Pool, table: string, condition: string, values: unknown[]): Promise<number> {
  let total = 0;
  for (;;) {
    const { rowCount } = await db.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${STEP}))`,
      values,
    );
    total += rowCount ?? 0;
    if ((rowCount ?? 0) < STEP) return total;
  }
}

/**
 * By when they were heard of: the interval of a backfill may be older than any retention. The open run-less run of a pipeline
 * stays, however old it is.
 */
async function deleteRuns(db: pg.Pool, values: unknown[]): Promise<void> {
  for (;;) {
    const { rows } = await db.query<{ run_key: number }>(
      `SELECT run_key FROM run
        WHERE first_at < to_timestamp($1::float8) AND coalesce(finished_at, first_at) < to_timestamp($1::float8)
          AND NOT (runless AND NOT ended AND given_up_at IS NULL)
        LIMIT ${STEP}`,
      values,
    );
    if (rows.length === 0) return;
    const keys = [numbers(rows.map(({ run_key }) => run_key))];
    // The run goes last: what is left over after a crash is found again.
    for (const table of [...EVIDENCE, "run"]) {
      await db.query(`DELETE FROM ${table} WHERE run_key = ANY ($1::bigint[])`, keys);
    }
  }
}
