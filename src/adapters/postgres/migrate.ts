import { readdir, readFile } from "node:fs/promises";
import type pg from "pg";
import type { Log } from "../../ports.ts";
import { ADVISORY_LOCKS } from "./connection/advisory-locks.ts";
import { DatabaseError } from "./connection/database-error.ts";
import { createPool, type PoolOptions } from "./connection/pool.ts";

const MIGRATIONS = new URL("./migrations/", import.meta.url);

export interface Migration {
  number: number;
  sql: string;
  /** An agent that does not know this migration cannot work on the schema it makes. */
  breaking: boolean;
}

/** `000001.sql` … in order. Files are numbered and never edited once released; a first line `-- breaking` says that older agents must stop. */
export async function readMigrations(directory: URL = MIGRATIONS): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => /^\d{6}\.sql$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(new URL(file, directory), "utf8");
      return { number: Number.parseInt(file, 10), sql, breaking: sql.startsWith("-- breaking") };
    }),
  );
}

/**
 * Brings the schema up to date. The number is inserted before its SQL runs, under a lock, all in one transaction, so that
 * of two agents that start at once one migrates and the other finds it done. A newer schema is refused where it is a breaking one.
 */
export async function migrate(client: pg.ClientBase, migrations: readonly Migration[]): Promise<number[]> {
  const applied: number[] = [];
  await client.query("SELECT pg_advisory_lock($1)", [ADVISORY_LOCKS.migrations]);
  try {
    await client.query(
      "CREATE TABLE IF NOT EXISTS migration (number integer PRIMARY KEY, breaking boolean NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())",
    );
    const { rows } = await client.query<{ number: number; breaking: boolean }>(
      "SELECT number, breaking FROM migration",
    );
    const known = new Set(migrations.map(({ number }) => number));
    const newer = rows.find(({ number, breaking }) => breaking && !known.has(number));
    if (newer !== undefined) {
      throw new DatabaseError(
        "schema_too_new",
        `the database has migration ${newer.number}, which this version of Sluice does not know; start the newer version that made it`,
      );
    }
    const done = new Set(rows.map(({ number }) => number));
    for (const { number, sql, breaking } of migrations) {
      if (done.has(number)) continue;
      await client.query("BEGIN");
      await client.query("INSERT INTO migration (number, breaking) VALUES ($1, $2)", [number, breaking]);
      await client.query(sql);
      await client.query("COMMIT");
      applied.push(number);
    }
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [ADVISORY_LOCKS.migrations]).catch(() => {});
  }
  return applied;
}

/** On a connection of its own without a time limit: another agent may be migrating, and an index may take its time. */
export async function bringDatabaseUpToDate(connection: PoolOptions["connection"], log: Log): Promise<number[]> {
  const pool = createPool({ connection, size: 1, statementTimeout: 0, name: "sluice-migrate" });
  pool.on("error", () => {});
  try {
    return await bringUpToDate(pool, log);
  } finally {
    await pool.end();
  }
}

export async function bringUpToDate(pool: pg.Pool, log: Log): Promise<number[]> {
  const migrations = await readMigrations();
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const applied = await migrate(client, migrations);
    if (applied.length > 0) log.info({ migrations: applied }, "schema brought up to date");
    return applied;
  } catch (error) {
    broken = error as Error;
    throw (error as { code?: string }).code === "42501" ? mayNotCreate(error as Error) : error;
  } finally {
    client.release(broken);
  }
}

function mayNotCreate(error: Error): DatabaseError {
  return new DatabaseError(
    "database_refused",
    `DATABASE_URL: its user may not create tables (${error.message}); make it the owner: CREATE DATABASE sluice OWNER <user>`,
  );
}
