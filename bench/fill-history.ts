import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { migrate, readMigrations } from "../src/adapters/postgres/migrate.ts";
import { fillHistory } from "./fill/fill-history.ts";
import { say } from "./lib/figures.ts";
import { flag, numberFlag } from "./lib/flags.ts";

/**
 * Fills a database with a large history by plain SQL, so that routes and migrations can be tried on it; no agent may run on it.
 * `--database-url postgres://… --pipelines 10000 --rows 30000000 --checks 10 --runs 100 --days 365`.
 */

const database_url = flag("database-url") ?? process.env.DATABASE_URL;
if (database_url === undefined || database_url === "") {
  process.stderr.write("fill-history: --database-url (or DATABASE_URL) names the database that is filled\n");
  process.exit(2);
}
const size = {
  pipelines: numberFlag("pipelines", 10_000),
  rows: numberFlag("rows", 30_000_000),
  checks: numberFlag("checks", 10),
  runs: numberFlag("runs", 100),
  days: numberFlag("days", 365),
};

const migrations = await readMigrations(pathToFileURL(`${join(process.cwd(), "src/adapters/postgres/migrations")}/`));
const pool = new pg.Pool({ connectionString: database_url, max: 2, options: "-c TimeZone=UTC" });
const client = await pool.connect();
await migrate(client, migrations);
client.release();
const { rows: known } = await pool.query("SELECT FROM pipeline LIMIT 1");
if (known.length > 0) {
  process.stderr.write("fill-history: there are pipelines in this database already; it is for an empty one\n");
  process.exit(2);
}
const began = performance.now();
await fillHistory(pool, size, (step) =>
  say(`  ${((performance.now() - began) / 1000).toFixed(1).padStart(7)} s  ${step}`),
);
await pool.end();
