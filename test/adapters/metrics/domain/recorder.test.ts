import { expect, test } from "vitest";
import type { CheckGauge } from "../../../../src/domain/commit/committed.ts";
import { LONG_AGO, NOW, newMetrics } from "../support.ts";

const check = (run_order: number, at: number, score: number | null, threshold = 0.8) => {
  return { pipeline_name: "p", check_name: "nulls", run_order, at, score, threshold };
};

async function scoreAfter(checks: CheckGauge[]): Promise<string[]> {
  const metrics = newMetrics();
  for (const one of checks) metrics.observe({ checks: [{ pipeline_name: "p", ...one }] });
  return (await metrics.samples()).map((line) => line.split(" ")[1]!);
}

test("a later run takes a check's place, and within a run a later time", async () => {
  expect(await scoreAfter([check(1, 5, 0.5), check(2, 1, 0.6)])).toEqual(["0.6", "0.8"]);
  expect(await scoreAfter([check(2, 1, 0.6), check(1, 5, 0.5)])).toEqual(["0.6", "0.8"]);
  expect(await scoreAfter([check(1, 5, 0.5), check(1, 6, 0.7)])).toEqual(["0.7", "0.8"]);
});

test("of two scores at the same time the lower one is shown, whichever came first", async () => {
  expect(await scoreAfter([check(1, 5, 0.5), check(1, 5, 0.9)])).toEqual(["0.5", "0.8"]);
  expect(await scoreAfter([check(1, 5, 0.9), check(1, 5, 0.5)])).toEqual(["0.5", "0.8"]);
  expect(await scoreAfter([check(1, 5, 0.9), check(1, 5, null)])).toEqual([]);
});

test("a check that could not be computed shows nothing, and no older score comes back", async () => {
  expect(await scoreAfter([check(1, 1, 0.9), check(2, 1, null)])).toEqual([]);
  expect(await scoreAfter([check(2, 1, null), check(1, 1, 0.9)])).toEqual([]);
  expect(await scoreAfter([check(2, 1, null), check(3, 1, 0.9)])).toEqual(["0.9", "0.8"]);
});

test("check gauges of runs before the horizon leave, and a late report does not bring them back", async () => {
  const metrics = newMetrics();
  const headline = { pipeline_name: "p", last_success_at: NOW, last_failure_at: null, last_duration_seconds: null };
  const shown = async () => (await metrics.samples()).filter((line) => line.startsWith("data_quality"));
  metrics.observe({ checks: [check(1, 1, 0.9)], headlines: [{ ...headline, gauge_horizon: 1 }] });
  expect(await shown()).toHaveLength(2);
  metrics.observe({ headlines: [{ ...headline, gauge_horizon: 2 }] });
  expect(await shown()).toEqual([]);
  metrics.observe({ checks: [check(1, 9, 0.9)] });
  expect(await shown()).toEqual([]);
});

test("the latest duration leaves when the latest run has none", async () => {
  const metrics = newMetrics();
  const headline = { pipeline_name: "p", last_success_at: NOW, last_failure_at: null, gauge_horizon: null };
  metrics.observe({ headlines: [{ ...headline, last_duration_seconds: 3 }] });
  expect(await metrics.samples()).toContain('pipeline_last_run_duration_seconds{pipeline_name="p"} 3');
  metrics.observe({ headlines: [{ ...headline, last_duration_seconds: null }] });
  expect((await metrics.samples()).join()).not.toContain("pipeline_last_run_duration_seconds");
});

test("SLA rates of the pipelines that are set leave where they are not set again, and only they", async () => {
  const metrics = newMetrics({ series_cap: 2 });
  const rate = (pipeline_name: string, ratio: number) => ({ pipeline_name, check_name: "c", window: "7d", ratio });
  metrics.recorder.setSlaRates(["a", "b"], { checks: [rate("a", 1), rate("b", 1)], pipelines: [], targets: [] });
  metrics.recorder.setSlaRates(["b"], { checks: [rate("b", 0.25)], pipelines: [], targets: [] });
  expect(await metrics.samples()).toHaveLength(2);
  metrics.recorder.setSlaRates(["a", "c"], { checks: [rate("c", 0.5)], pipelines: [], targets: [] });
  expect((await metrics.samples()).sort()).toEqual([
    'sla_rate_ratio{pipeline_name="b",check_name="c",window="7d"} 0.25',
    'sla_rate_ratio{pipeline_name="c",check_name="c",window="7d"} 0.5',
  ]);
});

test("archiving takes every series of the pipeline and no other", async () => {
  const metrics = newMetrics();
  const one = (pipeline_name: string) => ({
    births: [{ pipeline_name, born_at: LONG_AGO }],
    records: [{ pipeline_name, stage: "p", processed: 1, failed: 0, born_at: LONG_AGO }],
    checks: [{ ...check(1, 1, 0.9), pipeline_name }],
  });
  metrics.observe(one("q"));
  const before = await metrics.samples();
  metrics.observe(one("p"));
  metrics.recorder.archive("p");
  expect(await metrics.samples()).toEqual(before);
  metrics.observe({ checks: [{ ...check(1, 1, 0.4) }] });
  expect(await metrics.samples()).toContain('data_quality_score{pipeline_name="p",check_name="nulls"} 0.4');
});

test("what cannot be shown is reported, is not thrown, and does not hinder the rest", async () => {
  const metrics = newMetrics();
  metrics.observe({
    durations: [{ pipeline_name: "p", histogram: { buckets: [1, 2], sum: 3, count: 3 } }],
    freshness: [{ pipeline_name: "p", dataset: "d", data_through: 1000 }],
  });
  expect(metrics.failures).toEqual([new RangeError("pipeline_duration_seconds has 9 buckets, not 2")]);
  expect(await metrics.samples()).toContain('data_through_timestamp_seconds{pipeline_name="p",dataset="d"} 1');
});
