import { expect } from "vitest";
import { DAY, HOUR } from "../../../src/domain/words/time.ts";
import type { TestAgent } from "../../support/agent.ts";

export const FLIGHTS = "flights_daily";
export const FEATURES = "user_features";
/** Every character that a query language gives a meaning. */
export const HOSTILE = `o'brien "x" $re$ \\d (a|b) {{x}} /* ) || ') -- ; */`;

export interface Sent {
  now: number;
  /** Of the flights, oldest first; the last one failed. */
  days: { run_id: string; status: "success" | "failed"; loaded: number; null_rate: number; started_at: number }[];
}

const DAYS = 12;
const SECOND = 1000;

/**
 * Twelve days of a pipeline like the demo's: a run a day with counts, checks and drift, one bad day (all NULL), and the last
 * run failed; a second pipeline whose features get every verdict there is; and one with a hostile name.
 */
export async function sendHistory(agent: TestAgent, now: number): Promise<Sent> {
  await putReference(agent, FLIGHTS, "distance", { edges: [0, 250, 500, 1000, 3000], counts: [400, 300, 200, 100] });
  const days = Array.from({ length: DAYS }, (_, index) => {
    const started_at = now - (DAYS - 1 - index) * DAY - HOUR;
    return {
      run_id: new Date(started_at).toISOString().slice(0, 10),
      status: index === DAYS - 1 ? ("failed" as const) : ("success" as const),
      loaded: 9_000 + index,
      null_rate: index === 6 ? 0.2 : 0.999,
      started_at,
    };
  });
  await send(agent, days.flatMap(reportsOfDay));
  await sendVerdicts(agent, now - 30 * 60 * SECOND);
  await send(agent, hostileRun(now - 20 * 60 * SECOND));
  await override(agent, FEATURES, { decision: "pass", reason: "known and harmless", actor: "anna", expires_in: "2h" });
  return { now, days };
}

const at = (ms: number) => new Date(ms).toISOString();

function reportsOfDay({ run_id, status, loaded, null_rate, started_at }: Sent["days"][number]): object[] {
  const run = { pipeline_name: FLIGHTS, run_id };
  const ended = started_at + 600 * SECOND;
  const during = { ...run, at: at(started_at + 300 * SECOND) };
  const error = status === "failed" ? { error: "disk full" } : {};
  return [
    { kind: "run", ...run, status: "started", started_at: at(started_at), at: at(started_at) },
    { kind: "records", ...during, stage: "extract", count: 10_000 },
    { kind: "records", ...during, stage: "load", count: loaded, failed: 7 },
    { kind: "quality", ...during, check_name: "null_rate", score: null_rate, threshold: 0.95 },
    { kind: "quality", ...during, check_name: "schema_compliance", score: 0.998, threshold: 0.99 },
    { kind: "freshness", ...during, data_through: at(started_at - HOUR) },
    { kind: "drift", ...during, features: { distance: { counts: [395, 305, 205, 95], nulls: 3 } } },
    { kind: "run", ...run, status, finished_at: at(ended), at: at(ended), ...error },
  ];
}

/** A feature for each verdict, and for each kind of histogram. */
async function sendVerdicts(agent: TestAgent, when: number): Promise<void> {
  await putReference(agent, FEATURES, "amount", {
    edges: [0, 0.5, 1234567.25, 2e6],
    counts: [500, 300, 200],
    nulls: 10,
  });
  await putReference(agent, FEATURES, "country", { categories: { DE: 700, FR: 200, "o'x": 100 }, nulls: 0 });
  await putReference(agent, FEATURES, "score", { counts: [100, 200, 300] });
  await putReference(agent, FEATURES, "rare", { counts: [5, 5, 5] });
  await putReference(agent, FEATURES, "silent", { counts: [50, 50] });
  await putReference(agent, FEATURES, "retyped", { edges: [0, 1, 2], counts: [50, 50] });
  const run = { pipeline_name: FEATURES, run_id: "r1", at: at(when) };
  const features = {
    amount: { counts: [100, 300, 600], nulls: 20 },
    country: { categories: { DE: 690, FR: 205, "o'x": 95, XX: 10 } },
    score: { counts: [101, 199, 300] },
    rare: { counts: [4, 5, 6] },
    silent: { counts: [0, 0] },
    retyped: { categories: { one: 40, two: 60 } },
    unheard_of: { counts: [10, 20] },
  };
  await send(agent, [
    { kind: "run", ...run, status: "started", started_at: at(when) },
    { kind: "drift", ...run, features },
    { kind: "quality", ...run, check_name: "schema_compliance", score: 0.9, threshold: 0.99 },
    { kind: "run", ...run, status: "success", finished_at: at(when + 60 * SECOND), at: at(when + 60 * SECOND) },
  ]);
}

function hostileRun(when: number): object[] {
  const run = { pipeline_name: HOSTILE, run_id: "h1", at: at(when) };
  return [
    { kind: "run", ...run, status: "started", started_at: at(when) },
    { kind: "records", ...run, stage: HOSTILE, count: 5 },
    { kind: "quality", ...run, check_name: HOSTILE, score: 1 },
    { kind: "run", ...run, status: "success", finished_at: at(when + SECOND), at: at(when + SECOND) },
  ];
}

/** What comes in while Prometheus watches: runs, counts, latencies, a duplicate, and a report that is refused because its id was another's. */
export async function sendLoad(agent: TestAgent, round: number): Promise<void> {
  const run = { pipeline_name: "search_index", run_id: `live-${round}` };
  await agent.post("/v1/reports", [
    { kind: "run", ...run, status: "started" },
    { kind: "records", ...run, stage: "index", count: 100, failed: 1 },
    { kind: "records", pipeline_name: FLIGHTS, run_id: `live-${round}`, stage: "extract", count: 10 },
    { kind: "latency", ...run, seconds: [0.02, 0.03, 0.2] },
    { kind: "latency", ...run, operation: "embed", seconds: [0.002, 0.4] },
    { kind: "quality", ...run, check_name: "recall", score: 0.95, threshold: 0.93 },
    { kind: "run", ...run, status: "success", duration_seconds: 12 },
    { kind: "records", ...run, run_id: "live-0", stage: "index", count: 1, id: "the same each time" },
    { kind: "records", ...run, run_id: "live-0", stage: "index", count: 2, id: "the same each time" },
  ]);
}

async function send(agent: TestAgent, reports: object[]): Promise<void> {
  const { status, text } = await agent.post("/v1/reports", reports);
  expect([status, text]).toEqual([200, expect.stringContaining('"rejected":[]')]);
}

async function override(agent: TestAgent, pipeline: string, body: object): Promise<void> {
  const { status, text } = await agent.post(`/v1/gates/${pipeline}/overrides`, body);
  expect([status, text]).toEqual([201, expect.stringContaining("override_id")]);
}

async function putReference(agent: TestAgent, pipeline: string, feature: string, body: object): Promise<void> {
  const { status, text } = await agent.send({
    method: "PUT",
    path: `/v1/references/${pipeline}/${feature}`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect([status, text]).toEqual([200, expect.stringContaining("version")]);
}
