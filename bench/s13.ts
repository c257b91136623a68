import pg from "pg";
import { startDebianPostgres } from "../test/support/debian-postgres.ts";
import { fillStore } from "./fill/fill-store.ts";
import { figure, printTable, report, say, short } from "./lib/figures.ts";
import { numberFlag } from "./lib/flags.ts";
import { MeteredAgent } from "./lib/metered-agent.ts";
import { need } from "./lib/needs.ts";
import { printSamples, sampleInTurns } from "./lib/samples.ts";

/** S13: write-ahead log of a single report, and bytes that a year of daily runs keeps for each quality result, rollups and indexes in, beside their budgets. */

await need("wrk", "postgresql");
const SECONDS = numberFlag("seconds", 6);
const ROUNDS = numberFlag("rounds", 3);
const ROWS = numberFlag("rows", 3_000_000);
/** Daily pipelines, ten checks each, rather fewer results: as many pipelines as so many rows are a year of. */
const YEAR = { checks: 10, runs: 365, days: 365 };
const RESULTS_OF_RUN = 8;
const BUDGET = { wal_bytes: 900, stored_bytes: 250 };

const metered = await MeteredAgent.start();
await metered.singles("quality", 4);
const samples = await sampleInTurns(ROUNDS, [
  { name: "quality", measure: () => metered.singles("quality", SECONDS) },
  { name: "records", measure: () => metered.singles("records", SECONDS) },
  { name: "run", measure: () => metered.singles("run", SECONDS) },
]);
await metered.dispose();

const postgres = await startDebianPostgres();
const pipelines = Math.max(1, Math.round(ROWS / (YEAR.runs * RESULTS_OF_RUN)));
say(`  filling a year of ${pipelines} daily pipelines …`);
await fillStore(postgres.url, { pipelines, rows: pipelines * YEAR.runs * RESULTS_OF_RUN, ...YEAR });
const { results, tables } = await storedBytes(postgres.url);
const stored = Object.values(tables).reduce((sum, bytes) => sum + bytes, 0) / results;

/** Bytes of each table with its partitions and indexes, largest first. */
async function storedBytes(database_url: string): Promise<{ results: number; tables: Record<string, number> }> {
  const client = new pg.Client(database_url);
  await client.connect();
  const { rows } = await client.query<{ name: string; bytes: string }>(
    `SELECT coalesce(pg_partition_root(c.oid), c.oid)::regclass::text AS name, sum(pg_total_relation_size(c.oid)) AS bytes
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') GROUP BY 1 ORDER BY 2 DESC`,
  );
  const { rows: counted } = await client.query<{ results: string }>("SELECT count(*) AS results FROM quality_result");
  await client.end();
  const tables = Object.fromEntries(rows.map(({ name, bytes }) => [name, Number(bytes)]));
  return { results: Number(counted[0]!.results), tables };
}

printSamples(samples);
process.stdout.write(`\nbytes a quality result, ${short(results)} results of ${pipelines} pipelines:\n`);
const LARGEST = 12;
printTable(
  Object.entries(tables)
    .slice(0, LARGEST)
    .map(([name, bytes]) => [`  ${name}`, short(bytes / results)]),
);
report(
  "s13",
  "what is written for a single report, and what is kept of it after a year",
  [
    figure("WAL of a quality report", "B", samples.quality!.wal_bytes!, "budget", BUDGET.wal_bytes, { most: 1 }),
    figure("stored a quality result", "B", stored, "budget", BUDGET.stored_bytes, { most: 1 }),
  ],
  { samples, results, tables },
);
await postgres.dispose();
process.exit(0);
