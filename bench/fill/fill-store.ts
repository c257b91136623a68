import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { migrate, readMigrations } from "../../src/adapters/postgres/migrate.ts";
import { fillHistory, type HistorySize } from "./fill-history.ts";

/** Migrates an empty database and fills it; `onStep` gets each step and the seconds since the beginning. */
export async function fillStore(
  database_url: string,
  size: HistorySize,
  onStep: (step: string, seconds: number) => void = () => {},
): Promise<void> {
  const migrations = await readMigrations(pathToFileURL(`${join(process.cwd(), "src/adapters/postgres/migrations")}/`));
  const pool = new pg.Pool({ connectionString: database_url, max: 2, options: "-c TimeZone=UTC" });
  try {
    const client = await pool.connect();
    await migrate(client, migrations);
    client.release();
    const { rows: known } = await pool.query("SELECT FROM pipeline LIMIT 1");
    if (known.length > 0) throw new Error("there are pipelines in this database already; filling is for an empty one");
    const began = performance.now();
    await fillHistory(pool, size, (step) => onStep(step, (performance.now() - began) / 1000));
  } finally {
    await pool.end();
  }
}
