import { once } from "node:events";
import { createServer, get } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { createGzip } from "node:zlib";
import type { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAgentMetrics } from "../../../src/adapters/metrics/agent/agent-metrics.ts";
import { type AgentTelemetry, startTelemetry } from "../../../src/adapters/metrics/agent/telemetry.ts";
import { type ScrapeSources, scrapeChunks, writeScrape } from "../../../src/adapters/metrics/scrape.ts";
import { HOSTILE_NAMES } from "./hostile.ts";
import { checkMetrics } from "./promtool.ts";
import { LONG_AGO, NOW, newMetrics } from "./support.ts";

let telemetry: AgentTelemetry;
beforeAll(async () => {
  telemetry = await startTelemetry({ version: "1.2.3", otlp_endpoint: null });
});
afterAll(() => telemetry.shutdown());

const silent = { record: () => {}, serialize: async () => "" } as unknown as AgentTelemetry;
const newAgent = () =>
  createAgentMetrics("1.2.3", {
    queue_reports: () => 7,
    series: () => 8,
    store_up: () => true,
    gate_waiters: () => 0,
    config_right: () => true,
  });

/** Takes what was written to it only when it says so: late, and from the memory that it was given. */
class SlowSink extends Writable {
  readonly #taken: Buffer[] = [];

  override async _write(chunk: Buffer, _encoding: string, done: () => void): Promise<void> {
    await setTimeout(1);
    this.#taken.push(Buffer.from(chunk));
    done();
  }

  text(): string {
    return Buffer.concat(this.#taken).toString();
  }
}

async function scrape(sources: ScrapeSources): Promise<string> {
  const sink = new SlowSink();
  await writeScrape(sources, sink);
  await finished(sink);
  return sink.text();
}

function hostileMetrics() {
  const metrics = newMetrics({ birth_hold: 35_000 });
  for (const name of HOSTILE_NAMES) {
    const pipeline_name = name;
    const histogram = (buckets: number) => ({ buckets: new Array(buckets).fill(1), sum: 1e300, count: buckets });
    metrics.observe({
      births: [{ pipeline_name, born_at: NOW }],
      runs: [{ pipeline_name, status: "failed", total: 1 }],
      durations: [{ pipeline_name, histogram: histogram(9) }],
      records: [{ pipeline_name, stage: name, processed: Number.MAX_SAFE_INTEGER, failed: 1e21, born_at: LONG_AGO }],
      latencies: [
        { pipeline_name, operation: "vector_search", histogram: histogram(9), born_at: NOW },
        { pipeline_name, operation: name, histogram: histogram(16), born_at: LONG_AGO },
      ],
      checks: [{ pipeline_name, check_name: name, run_order: 1, at: 1, score: 1e-6, threshold: 0.8 }],
      freshness: [{ pipeline_name, dataset: name, data_through: NOW + 0.5 }],
    });
  }
  metrics.recorder.archive("le");
  return metrics;
}

test("promtool finds nothing wrong with a body of all three sources and hostile names", async () => {
  const { exposition } = hostileMetrics();
  await telemetry.time("commit_duration_seconds", {}, async () => undefined);
  telemetry.request({ route: "/v1/gates/:name", method: "GET", status: 200, seconds: 0.2 });
  const body = await scrape({ exposition, shows: () => true, agent: newAgent(), telemetry });
  expect(body).toMatch(/^# sluice: \d+ new series/);
  expect(body).toContain("\npipeline_runs_total{");
  expect(body).toContain("\nprocess_cpu_seconds_total ");
  expect(body).toContain("\nsluice_commit_duration_seconds_bucket{");
  expect(body).toContain("\nsluice_http_request_duration_seconds_bucket{");
  expect(checkMetrics(body)).toBe("");
});

test("each type is stated once, and the second scrape times the first", async () => {
  const { exposition } = newMetrics();
  const agent = newAgent();
  await scrape({ exposition, shows: () => true, agent, telemetry });
  const body = await scrape({ exposition, shows: () => true, agent, telemetry });
  const types = body.match(/^# TYPE \S+/gm)!;
  expect(new Set(types).size).toBe(types.length);
  expect(body).toMatch(/^sluice_scrape_duration_seconds_count \d+$/m);
});

test("a source that fails is left out with a comment, the rest is served", async () => {
  const metrics = newMetrics();
  metrics.exposition.gauge("pipeline_last_run_duration_seconds", ["p"], 1);
  const registry = { metrics: () => Promise.reject(new Error("broken")) } as never;
  const body = await scrape({ exposition: metrics.exposition, shows: () => true, agent: { registry }, telemetry });
  expect(body).toContain('pipeline_last_run_duration_seconds{pipeline_name="p"}');
  expect(body).toContain("# sluice: the process metrics could not be read\n");
  expect(checkMetrics(body)).toBe("");
});

function longMetrics() {
  const metrics = newMetrics();
  for (let i = 0; i < 30_000; i++) metrics.exposition.gauge("data_quality_score", [`pipeline ${i}`, "nulls"], i);
  return metrics;
}

test("a slow reader gets the same as one that keeps every chunk, and no more than one chunk waits for it", async () => {
  const { exposition } = longMetrics();
  const sink = new SlowSink({ highWaterMark: 1 });
  let most = 0;
  const write = sink._write.bind(sink);
  sink._write = (chunk, encoding, done) => {
    most = Math.max(most, sink.writableLength);
    return write(chunk, encoding, done);
  };
  const agent = { registry: { metrics: async () => "" } as Registry };
  await writeScrape({ exposition, shows: () => true, agent, telemetry: silent }, sink);
  await finished(sink);
  expect(most).toBeLessThan(300 * 1024);
  const chunks: Buffer[] = [];
  for await (const chunk of scrapeChunks({ exposition, shows: () => true, agent, telemetry: silent }))
    chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe(sink.text());
  expect(checkMetrics(sink.text())).toBe("");
});

test("an HTTP client that pauses while everything changes gets whole lines", async () => {
  const { exposition } = longMetrics();
  const server = createServer((_, response) => {
    void writeScrape({ exposition, shows: () => true, agent: newAgent(), telemetry }, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const request = get({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
  const [response] = await once(request, "response");
  for (let i = 0; i < 30_000; i++) exposition.gauge("data_quality_score", [`pipeline ${i}`, "nulls"], i + 1e9);
  await setTimeout(200);
  const body = await text(response);
  server.close();
  const values = [
    ...body.matchAll(/^data_quality_score\{pipeline_name="pipeline (\d+)",check_name="nulls"\} +(\d+)$/gm),
  ];
  expect(values).toHaveLength(30_000);
  expect(values.every(([, i, value]) => Number(value) % 1e9 === Number(i))).toBe(true);
});

test("a body that goes through gzip to an HTTP client arrives as it was written", async () => {
  const { exposition } = longMetrics();
  const server = createServer((_, response) => {
    response.setHeader("content-encoding", "gzip");
    const gzip = createGzip({ level: 1 });
    gzip.pipe(response);
    void writeScrape({ exposition, shows: () => true, agent: newAgent(), telemetry }, gzip);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const body = await response.text();
  server.close();
  for (let i = 0; i < 30_000; i += 999) {
    expect(body).toMatch(
      new RegExp(`^data_quality_score\\{pipeline_name="pipeline ${i}",check_name="nulls"\\} +${i}$`, "m"),
    );
  }
});

test("a reader that goes away ends the scrape", async () => {
  const { exposition } = longMetrics();
  let ended: Promise<void> | undefined;
  const server = createServer((_, response) => {
    ended = writeScrape({ exposition, shows: () => true, agent: newAgent(), telemetry }, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  await once(socket, "data");
  socket.destroy();
  await ended;
  server.close();
});
