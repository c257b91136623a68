import { setTimeout as sleep } from "node:timers/promises";
import { startDebianPostgres } from "../test/support/debian-postgres.ts";
import { startAgent } from "./lib/agent.ts";
import { residentMegabytes } from "./lib/children.ts";
import { figure, report, say } from "./lib/figures.ts";
import { need } from "./lib/needs.ts";
import { startProgram } from "./lib/servers.ts";

/** S10: resident memory of the agent after 10 000 pipelines × 10 series on Postgres, beside a bare Fastify process. */

await need("postgresql");
const PIPELINES = 10_000;
/** With the run: a counter for each status, a histogram, three timestamps and durations, score and threshold of a check. */
const CHECKS = 1;
const BATCH = 1000;
/** Of resident memory, that of everything else that is kept of a pipeline in it. */
const SERIES_BYTES = 200;
const IDLE_MS = 20_000;

const postgres = await startDebianPostgres();
const agent = await startAgent({ database_url: postgres.url });
const bare = await startProgram("bare-fastify");
const before = residentMegabytes(agent.pid);

/** The checks of a run, and its end. */
function reportsOf(i: number): object[] {
  const pipeline_name = `pipeline_${String(i).padStart(5, "0")}`;
  const common = { pipeline_name, run_id: "run-1", at: Math.floor(Date.now() / 1000) };
  const checks = Array.from({ length: CHECKS }, (_, c) => ({ check_name: `check_${c}`, score: 0.9 + c / 100 }));
  return [
    { kind: "quality", ...common, id: `q-${i}`, checks },
    { kind: "run", ...common, id: `r-${i}`, status: "success", duration_seconds: i % 600 },
  ];
}

async function send(reports: object[]): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${agent.url}/v1/reports`, { method: "POST", headers, body: JSON.stringify(reports) });
  const { accepted } = (await response.json()) as { accepted: number };
  if (accepted !== reports.length) throw new Error(`${accepted} of ${reports.length} accepted`);
}

async function scrape(): Promise<string> {
  return (await fetch(`${agent.url}/metrics`)).text();
}

async function get(url: string): Promise<void> {
  await (await fetch(url)).text();
}

for (let i = 0; i < PIPELINES; i += BATCH / 2) {
  await send(Array.from({ length: BATCH / 2 }, (_, j) => reportsOf(i + j)).flat());
}
const loaded = residentMegabytes(agent.pid);
let body = await scrape();
for (let i = 0; i < 100; i++) await get(bare.url);
say("  idle …");
await sleep(IDLE_MS);
body = await scrape();
await sleep(2000);
const rows = body.split("\n").filter((row) => row !== "" && !row.startsWith("#"));
const labelSets = rows.filter((row) => !/_(bucket|sum)\b/.test(row)).length;
const ours = residentMegabytes(agent.pid);
const theirs = residentMegabytes(bare.pid);
report(
  "s10",
  `resident memory after ${PIPELINES} pipelines, a run and a check each: ${labelSets} label sets in ${rows.length} lines`,
  [
    figure("after load, idle and two scrapes", "MB", ours, "bare Fastify", theirs, { most: 2.5 }),
    figure("a series", "B", ((ours - before) * 2 ** 20) / rows.length, "budget", SERIES_BYTES, { most: 1 }),
    figure("before any report", "MB", before, "bare Fastify", theirs),
  ],
  { loaded_megabytes: loaded, series: rows.length, body_bytes: body.length },
);
await agent.dispose();
await bare.stop();
await postgres.dispose();
process.exit(0);
