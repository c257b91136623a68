import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAgentMetrics } from "../../../src/adapters/metrics/agent/agent-metrics.ts";
import { type AgentTelemetry, startTelemetry } from "../../../src/adapters/metrics/agent/telemetry.ts";
import { METRICS_CONTENT_TYPE, writeScrape } from "../../../src/adapters/metrics/scrape.ts";
import { HOSTILE_NAMES } from "./hostile.ts";
import { PrometheusServer } from "./prometheus-server.ts";
import { LONG_AGO, newMetrics } from "./support.ts";

/** Milliseconds; three scrapes. */
const HOLD = 3_000;

let telemetry: AgentTelemetry;
let prometheus: PrometheusServer;
const teardown: (() => unknown)[] = [];
const metrics = newMetrics({ clock: { now: () => Date.now() }, birth_hold: HOLD });
const agent = createAgentMetrics("1.2.3", {
  queue_reports: () => 0,
  series: () => 0,
  store_up: () => true,
  gate_waiters: () => 0,
  config_right: () => true,
});
const server = createServer((_, response) => {
  response.setHeader("content-type", METRICS_CONTENT_TYPE);
  void writeScrape({ exposition: metrics.exposition, shows: () => true, agent, telemetry }, response);
});

beforeAll(async () => {
  telemetry = await startTelemetry({ version: "1.2.3", otlp_endpoint: null });
  teardown.push(() => telemetry.shutdown());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  teardown.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  prometheus = await PrometheusServer.start(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  teardown.push(() => prometheus.stop());
  await prometheus.until(async () => (await prometheus.query("up == 1")).length === 1);
});

afterAll(async () => {
  for (const stop of teardown.reverse()) await stop();
});

test("increase() sees the first count of a counter and of a histogram that were born with it", async () => {
  const histogram = { buckets: [0, 1, 0, 0, 0, 0, 0, 0, 0], sum: 12, count: 1 };
  metrics.observe({
    births: [{ pipeline_name: "first", born_at: Date.now() }],
    runs: [{ pipeline_name: "first", status: "failed", total: 1 }],
    durations: [{ pipeline_name: "first", histogram }],
  });
  const failed = 'pipeline_runs_total{pipeline_name="first",status="failed"}';
  await prometheus.until(async () => (await prometheus.query(`${failed} == 1`)).length === 1);
  const [runs] = await prometheus.query(`increase(${failed}[1m])`);
  expect(runs!.value).toBeGreaterThan(0.5);
  const [durations] = await prometheus.query(
    'increase(pipeline_duration_seconds_bucket{pipeline_name="first",le="30.0"}[1m])',
  );
  expect(durations!.value).toBeGreaterThan(0.5);
});

test("hostile names arrive as they are", async () => {
  for (const name of HOSTILE_NAMES) {
    metrics.observe({
      records: [{ pipeline_name: name, stage: name, processed: Number.MAX_SAFE_INTEGER, failed: 3, born_at: LONG_AGO }],
    });
  }
  await prometheus.until(async () => (await prometheus.query("records_failed_total")).length === HOSTILE_NAMES.length);
  const samples = await prometheus.query("records_processed_total");
  expect(samples.map(({ metric }) => metric.pipeline_name).sort()).toEqual([...HOSTILE_NAMES].sort());
  expect(samples.every(({ metric }) => metric.stage === metric.pipeline_name)).toBe(true);
  expect(samples.every(({ value }) => value === Number.MAX_SAFE_INTEGER)).toBe(true);
});

test("a series that leaves is stale for Prometheus at once", async () => {
  metrics.observe({ freshness: [{ pipeline_name: "gone", dataset: "d", data_through: 1000 }] });
  const query = 'data_through_timestamp_seconds{pipeline_name="gone"}';
  await prometheus.until(async () => (await prometheus.query(query)).length === 1);
  metrics.recorder.archive("gone");
  await setTimeout(2_500);
  expect(await prometheus.query(query)).toEqual([]);
});
