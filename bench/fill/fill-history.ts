import type pg from "pg";
import { Partitions } from "../../src/adapters/postgres/history/partitions.ts";
import { EVIDENCE, HISTORY, NAMES, ROLLUPS, STATE } from "./statements.ts";

export interface HistorySize {
  pipelines: number;
  /** Quality results in all. */
  rows: number;
  /** Checks of each pipeline. */
  checks: number;
  /** Runs of each pipeline. */
  runs: number;
  days: number;
}

const DAY_MS = 86_400_000;
/** Runs of a pipeline whose evidence is kept by check: those that a gate and a page look at. */
const RUNS_WITH_CHECKS = 10;

/**
 * Fills an empty, migrated database with a history that ends now: every table that a list is read from, its rows in the order of
 * time in which an agent would have written them, and the rollups that belong to them.
 */
export async function fillHistory(
  pool: pg.Pool,
  size: HistorySize,
  onStep: (step: string) => void = () => {},
): Promise<void> {
  const now = Date.now();
  const everyDay = Array.from({ length: size.days + 3 }, (_, i) => now - (i - 1) * DAY_MS);
  await new Partitions().prepare(pool, everyDay);
  const client = await pool.connect();
  try {
    await client.query("SET synchronous_commit = off");
    await client.query("SET work_mem = '256MB'");
    await client.query("SET maintenance_work_mem = '512MB'");
    await client.query(
      `CREATE TEMP TABLE fill AS
       SELECT $1::int AS pipelines, $2::bigint AS row_count, $3::int AS checks, $4::int AS runs, $5::int AS days,
              $6::int AS with_checks, greatest(1, ceil($2::float8 / ($1::float8 * $4))::int) AS rows_of_run,
              to_timestamp($7::float8) AS until, $5 * interval '1 day' / $4 AS every`,
      [size.pipelines, size.rows, size.checks, size.runs, size.days, Math.min(RUNS_WITH_CHECKS, size.runs), now / 1000],
    );
    for (const [step, sql] of NAMES) await run(step, sql);
    const indexes = await dropIndexes(client);
    for (const [step, sql] of [...HISTORY, ...EVIDENCE, ...STATE]) await run(step, sql);
    for (const definition of indexes) await run(definition.slice(0, 60), definition);
    for (const [step, sql] of ROLLUPS) await run(step, sql);
    await run("vacuum and statistics", "VACUUM ANALYZE");
  } finally {
    client.release(true);
  }

  async function run(step: string, sql: string): Promise<void> {
    await client.query(sql);
    onStep(step);
  }
}

/** Those of the partitioned tables: made again when the rows are there, which is several times faster. */
async function dropIndexes(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT c.relname AS name, pg_get_indexdef(c.oid) AS definition
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'I' AND n.nspname = 'public' ORDER BY c.relname`,
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition.replace(" ON ONLY ", " ON "));
}
