import pg from "pg";
import { startDebianPostgres } from "../test/support/debian-postgres.ts";
import { startAgent } from "./lib/agent.ts";
import { type BareBatch, insertBare } from "./lib/bare-inserts.ts";
import { figure, report } from "./lib/figures.ts";
import { nextPrefix } from "./lib/load-prefix.ts";
import { need } from "./lib/needs.ts";
import { alternate } from "./lib/rounds.ts";
import { wrk } from "./lib/wrk.ts";

/** S3: reports a second in batches of 1 000, durable with all effects, beside a bare client inserting the same rows. */

need("wrk", "postgresql");
const ITEMS = 1000;
/** A batch is what an SDK has spooled of a few pipelines; every report of another pipeline is the hardest case for the rollups. */
const FEW = 20;
const SPREAD = 1000;
const CLIENTS = 4;
const SECONDS = 6;
const ROUNDS = 3;

const ours = await startDebianPostgres();
const theirs = await startDebianPostgres();
const agent = await startAgent({ database_url: ours.url });
await makeTables(theirs.url);
const bareClient = new pg.Client(theirs.url);
await bareClient.connect();

/** The very tables of the agent, partition of this month included, with nothing in them. */
async function makeTables(database_url: string): Promise<void> {
  const maker = await startAgent({ database_url });
  const body = JSON.stringify({ pipeline_name: "p", check_name: "c", score: 1 });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${maker.url}/v1/quality`, { method: "POST", headers, body });
  if (!response.ok) throw new Error(await response.text());
  await maker.dispose();
}

async function batches(kind: string, pipelines: number, seconds = SECONDS): Promise<number> {
  const args = [kind, ITEMS, pipelines, nextPrefix()];
  const { rate, errors } = await wrk({
    url: agent.url,
    script: "batches",
    connections: CLIENTS,
    seconds,
    args,
  });
  if (errors > 0) throw new Error(`${errors} batches were refused:\n${agent.errors}`);
  return rate * ITEMS;
}

async function bare(batch: BareBatch): Promise<number> {
  const start = performance.now();
  let reports = 0;
  while (performance.now() - start < SECONDS * 1000) reports += await insertBare(bareClient, batch);
  return reports / ((performance.now() - start) / 1000);
}

const QUALITY = { quality: ITEMS, records: 0, latency: 0, freshness: 0 };
const MIXED = { quality: 600, records: 250, latency: 100, freshness: 50 };

await batches("quality", FEW, 3);
await batches("mixed", SPREAD, 3);
const rates = await alternate(ROUNDS, [
  { name: "quality", measure: () => batches("quality", FEW) },
  { name: "quality, spread", measure: () => batches("quality", SPREAD) },
  { name: "bare quality", measure: () => bare({ ...QUALITY, ids: false }) },
  { name: "bare quality + ids", measure: () => bare({ ...QUALITY, ids: true }) },
  { name: "mixed", measure: () => batches("mixed", FEW) },
  { name: "bare mixed", measure: () => bare({ ...MIXED, ids: false }) },
  { name: "bare mixed + ids", measure: () => bare({ ...MIXED, ids: true }) },
]);

const line = (what: string, against: string, goal?: { least: number }) =>
  figure(what, "reports/s", rates[what]!, against, rates[against]!, goal);
report(
  "s3",
  `batches of ${ITEMS} with ids from ${FEW} pipelines (spread: ${SPREAD}), ${CLIENTS} clients; mixed: 60 % quality, 25 % records, 10 % latency, 5 % freshness`,
  [
    line("quality", "bare quality", { least: 0.5 }),
    line("quality", "bare quality + ids"),
    line("quality, spread", "bare quality"),
    line("quality, spread", "bare quality + ids"),
    line("mixed", "bare mixed", { least: 0.5 }),
    line("mixed", "bare mixed + ids"),
  ],
);
await bareClient.end();
await agent.dispose();
await Promise.all([ours.dispose(), theirs.dispose()]);
process.exit(0);
