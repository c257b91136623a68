import { expect, test } from "vitest";
import { bodyChunks } from "../../../../src/adapters/metrics/body.ts";
import { LONG_AGO, newMetrics, samplesOf } from "../support.ts";

const histogram = (each: number) => ({ buckets: new Array(9).fill(each), sum: each, count: 9 * each });

test("a chunk does not change with the series while it is being written", async () => {
  const metrics = newMetrics();
  metrics.exposition.gauge("pipeline_last_run_duration_seconds", ["p"], 1);
  const { value } = await bodyChunks(metrics.exposition).next();
  const before = (value as Buffer).toString();
  metrics.exposition.gauge("pipeline_last_run_duration_seconds", ["p"], 2);
  await metrics.body();
  expect((value as Buffer).toString()).toBe(before);
});

test("a slow reader sees all lines of a histogram from one moment, while values change and series come and go", async () => {
  const metrics = newMetrics();
  const set = (i: number, each: number) => {
    metrics.exposition.histogram("pipeline_duration_seconds", [`pipeline ${i}`], histogram(each), LONG_AGO);
  };
  for (let i = 0; i < 3000; i++) set(i, 1);
  const chunks: Buffer[] = [];
  const gone = new Set<number>();
  let round = 1;
  for await (const chunk of bodyChunks(metrics.exposition)) {
    chunks.push(Buffer.from(chunk));
    round++;
    for (let i = round; i < 3000; i += 50) {
      metrics.exposition.removePipelines([`pipeline ${i}`]);
      gone.add(i);
    }
    for (let i = 0; i < 3000 + round; i += 7) if (!gone.has(i)) set(i, round);
  }
  expect(chunks.length).toBeGreaterThan(10);
  const children = new Map<string, string[]>();
  for (const line of samplesOf(Buffer.concat(chunks).toString())) {
    const [, pipeline, value] = /pipeline_name="([^"]+)".* (\d+)$/.exec(line)!;
    children.set(pipeline!, [...(children.get(pipeline!) ?? []), value!]);
  }
  for (const values of children.values()) {
    const each = Number(values[9]);
    expect(values.map(Number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => n * each).concat([each, 9 * each]));
  }
});

test("the event loop gets its turn between chunks", async () => {
  const metrics = newMetrics();
  for (let i = 0; i < 20_000; i++) metrics.exposition.gauge("data_quality_score", [`pipeline ${i}`, "nulls"], i);
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  let chunks = 0;
  let longest = 0;
  for await (const { length } of bodyChunks(metrics.exposition)) {
    chunks++;
    longest = Math.max(longest, length);
  }
  clearInterval(timer);
  expect(chunks).toBeGreaterThan(10);
  expect(longest).toBeLessThan(256 * 1024);
  expect(turns).toBeGreaterThan(0);
});

test("series that come and go for ever leave no holes behind", async () => {
  const metrics = newMetrics();
  for (let i = 0; i < 50_000; i++) {
    metrics.exposition.gauge("data_quality_score", [`pipeline ${i}`, "x".repeat(i % 200)], i);
    if (i >= 100)
      metrics.exposition.removeGauge("data_quality_score", [`pipeline ${i - 100}`, "x".repeat((i - 100) % 200)]);
  }
  expect(await metrics.samples()).toHaveLength(100);
  expect((await metrics.body()).length).toBeLessThan(100 * 300 * 2);
  expect(metrics.exposition.series).toBe(100);
});

test("names of any length find room", async () => {
  const metrics = newMetrics();
  const long = "🚀".repeat(30_000);
  metrics.exposition.histogram("pipeline_duration_seconds", [long], histogram(2), LONG_AGO);
  metrics.exposition.histogram("pipeline_duration_seconds", ["short"], histogram(3), LONG_AGO);
  const samples = await metrics.samples();
  expect(samples).toContain(`pipeline_duration_seconds_count{pipeline_name="${long}"} 18`);
  expect(samples).toContain('pipeline_duration_seconds_count{pipeline_name="short"} 27');
});

test("label values that only look alike when joined are different series", async () => {
  const metrics = newMetrics();
  metrics.exposition.gauge("data_quality_score", ["a", "b,c"], 1);
  metrics.exposition.gauge("data_quality_score", ["a,b", "c"], 2);
  expect(await metrics.samples()).toHaveLength(2);
});
