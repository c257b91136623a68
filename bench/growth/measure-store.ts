import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { PostgresStore } from "../../src/adapters/postgres/store.ts";
import { startAgent } from "../lib/agent.ts";
import { residentMegabytes } from "../lib/children.ts";
import { median } from "../lib/figures.ts";
import { treeSeconds } from "../lib/processor.ts";
import { medianAnswer } from "../lib/timing.ts";

const DAY_MS = 86_400_000;
const STARTS = 3;
const ANSWERS = 10;
/** They are short: a single slow one says nothing. */
const ANSWERS_OF_ONE = 50;
const IDLE_MS = 10_000;
/** Every filled store has it. */
const ONE = "pipeline_00007";

/** What grows with the store, and what is about one pipeline alone: by measure the request that it times. */
const OF_ALL = {
  "board, pipelines": "/v1/pipelines",
  "board, gates": "/v1/gates",
  "list of quality": "/v1/quality",
  "list of runs": "/v1/runs",
  "SLA of all, 365 days": "/v1/sla?days=365",
  scrape: "/metrics",
};
const OF_ONE = {
  "gate of one": `/v1/gates/${ONE}`,
  "quality of one": `/v1/quality?pipeline_name=${ONE}`,
  "SLA of one, 365 days": `/v1/sla/${ONE}?days=365`,
};

export const ABOUT_ONE: readonly string[] = Object.keys(OF_ONE);

/** Starts agents on a filled store, asks them, and deletes its oldest `days_deleted` of `days`. Milliseconds, megabytes, seconds. */
export async function measureStore(
  database_url: string,
  { days, days_deleted }: { days: number; days_deleted: number },
): Promise<Record<string, number>> {
  // The first one does once what the filling left to do.
  await (await startAgent({ database_url })).dispose();
  const starts: number[] = [];
  const processor: number[] = [];
  for (let i = 1; i < STARTS; i++) {
    const { agent, ms } = await timedStart(database_url);
    starts.push(ms);
    processor.push(treeSeconds(agent.pid) * 1000);
    await agent.dispose();
  }
  const { agent, ms } = await timedStart(database_url);
  processor.push(treeSeconds(agent.pid) * 1000);
  await sleep(IDLE_MS);
  const resident = residentMegabytes(agent.pid);
  const answers: Record<string, number> = {};
  for (const [measure, path] of Object.entries({ ...OF_ALL, ...OF_ONE })) {
    await medianAnswer(agent.url + path, 1);
    answers[measure] = await medianAnswer(agent.url + path, measure in OF_ONE ? ANSWERS_OF_ONE : ANSWERS);
  }
  await agent.dispose();
  return {
    "start to ready": median([...starts, ms]),
    "processor time of a start": median(processor),
    "resident memory": resident,
    ...answers,
    "retention step": await retentionStep(database_url, Date.now() - (days - days_deleted) * DAY_MS),
  };
}

async function timedStart(database_url: string) {
  const began = performance.now();
  const agent = await startAgent({ database_url });
  return { agent, ms: performance.now() - began };
}

/** What an agent does each hour, where so much is past its time. */
async function retentionStep(database_url: string, before: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: database_url, max: 2, options: "-c TimeZone=UTC" });
  const began = performance.now();
  await new PostgresStore(pool).dropHistory(before);
  const ms = performance.now() - began;
  await pool.end();
  return ms;
}
