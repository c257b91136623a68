import pg from "pg";
import { startDebianPostgres } from "../test/support/debian-postgres.ts";
import { startAgent } from "./lib/agent.ts";
import { type BareBatch, insertBare } from "./lib/bare-inserts.ts";
import { figure, report } from "./lib/figures.ts";
import { numberFlag } from "./lib/flags.ts";
import { BATCH_CLIENTS, ITEMS, MeteredAgent } from "./lib/metered-agent.ts";
import { need } from "./lib/needs.ts";
import { printSamples, type Sampled, sampleInTurns } from "./lib/samples.ts";

/** S3: reports a second in batches of 1 000, durable with all effects, beside a bare client inserting the same rows. */

await need("wrk", "postgresql");
/** A batch is what an SDK has spooled of a few pipelines; every report of another pipeline is the hardest case for the rollups. */
const FEW = 20;
const SPREAD = 1000;
const SECONDS = numberFlag("seconds", 6);
const ROUNDS = numberFlag("rounds", 3);

const metered = await MeteredAgent.start();
const theirs = await startDebianPostgres();
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

const QUALITY = { quality: ITEMS, records: 0, latency: 0, freshness: 0 };
const MIXED = { quality: 600, records: 250, latency: 100, freshness: 50 };

const ours = (name: string, kind: "quality" | "mixed", pipelines: number): Sampled => {
  return { name, measure: () => metered.batches(kind, pipelines, SECONDS) };
};

const bare = (name: string, batch: BareBatch): Sampled => ({
  name,
  async measure() {
    const start = performance.now();
    let reports = 0;
    while (performance.now() - start < SECONDS * 1000) reports += await insertBare(bareClient, batch);
    return { rate: reports / ((performance.now() - start) / 1000) };
  },
});

await metered.batches("quality", FEW, 3);
await metered.batches("mixed", SPREAD, 3);
const samples = await sampleInTurns(ROUNDS, [
  ours("quality", "quality", FEW),
  ours("quality, spread", "quality", SPREAD),
  bare("bare quality", { ...QUALITY, ids: false }),
  bare("bare quality + ids", { ...QUALITY, ids: true }),
  ours("mixed", "mixed", FEW),
  bare("bare mixed", { ...MIXED, ids: false }),
  bare("bare mixed + ids", { ...MIXED, ids: true }),
]);

const line = (what: string, against: string, goal?: { least: number }) =>
  figure(what, "reports/s", samples[what]!.rate, against, samples[against]!.rate, goal);
printSamples(samples);
report(
  "s3",
  `batches of ${ITEMS} with ids from ${FEW} pipelines (spread: ${SPREAD}), ${BATCH_CLIENTS} clients; mixed: 60 % quality, 25 % records, 10 % latency, 5 % freshness`,
  [
    line("quality", "bare quality + ids", { least: 1 }),
    line("quality, spread", "bare quality + ids", { least: 0.5 }),
    line("mixed", "bare mixed + ids", { least: 0.8 }),
    line("quality", "bare quality"),
    line("quality, spread", "bare quality"),
    line("mixed", "bare mixed"),
  ],
  { samples },
);
await bareClient.end();
await metered.dispose();
await theirs.dispose();
process.exit(0);
