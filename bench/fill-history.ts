import { fillStore } from "./fill/fill-store.ts";
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

try {
  await fillStore(database_url, size, (step, seconds) => say(`  ${seconds.toFixed(1).padStart(7)} s  ${step}`));
} catch (error) {
  process.stderr.write(`fill-history: ${(error as Error).message}\n`);
  process.exit(2);
}
