import fc from "fast-check";
import { expect, test } from "vitest";
import { LONG_AGO, newMetrics } from "./support.ts";

const records = (pipeline_name: string, processed: number, stage = "load") => ({
  records: [{ pipeline_name, stage, processed, failed: 0, born_at: LONG_AGO }],
});

test("counters past the cap fold into one series that holds the sum of their totals", async () => {
  const metrics = newMetrics({ series_cap: 2 });
  for (const [name, total] of [
    ["a", 1],
    ["b", 10],
    ["c", 100],
  ] as const)
    metrics.observe(records(name, total));
  metrics.observe(records("b", 12));
  metrics.observe(records("b", 12));
  expect(await metrics.samples()).toEqual([
    'records_processed_total{pipeline_name="a",stage="load"} 1',
    'records_processed_total{pipeline_name="_other",stage="_other"} 112',
    'records_failed_total{pipeline_name="a",stage="load"} 0',
    'records_failed_total{pipeline_name="_other",stage="_other"} 0',
  ]);
  expect(Object.fromEntries(metrics.dropped)).toEqual({ records_processed_total: 2, records_failed_total: 2 });
});

test("histograms fold line by line", async () => {
  const metrics = newMetrics({ series_cap: 0 });
  const histogram = (count: number) => ({ buckets: [count, 0, 0, 0, 0, 0, 0, 0, 1], sum: count / 2, count: count + 1 });
  const durations = (pipeline_name: string, count: number) => ({
    durations: [{ pipeline_name, histogram: histogram(count) }],
  });
  metrics.observe(durations("a", 4));
  metrics.observe(durations("b", 6));
  metrics.observe(durations("a", 5));
  const shown = (await metrics.samples()).filter((line) => line.startsWith("pipeline_duration_seconds"));
  expect(shown[0]).toBe('pipeline_duration_seconds_bucket{pipeline_name="_other",le="10.0"} 11');
  expect(shown.slice(-3)).toEqual([
    'pipeline_duration_seconds_bucket{pipeline_name="_other",le="+Inf"} 13',
    'pipeline_duration_seconds_sum{pipeline_name="_other"} 5.5',
    'pipeline_duration_seconds_count{pipeline_name="_other"} 13',
  ]);
});

test("gauges past the cap are not shown, and each is counted once", async () => {
  const metrics = newMetrics({ series_cap: 1 });
  for (const dataset of ["x", "y", "y", "z", "z"]) {
    metrics.observe({ freshness: [{ pipeline_name: "p", dataset, data_through: 5000 }] });
  }
  expect(await metrics.samples()).toEqual(['data_through_timestamp_seconds{pipeline_name="p",dataset="x"} 5']);
  expect(metrics.dropped.get("data_through_timestamp_seconds")).toBe(2);
});

test("a pipeline that is born past the cap counts as 0, and again as 0 when it is announced twice", async () => {
  const metrics = newMetrics({ series_cap: 0 });
  const births = [{ pipeline_name: "p", born_at: LONG_AGO }];
  metrics.observe({ births });
  metrics.observe({ births, runs: [{ pipeline_name: "p", status: "failed", total: 3 }] });
  metrics.observe({ births });
  expect(await metrics.samples()).toContain('pipeline_runs_total{pipeline_name="_other",status="failed"} 3');
});

test("what was folded stays folded when room comes free, as it would be counted twice", async () => {
  const metrics = newMetrics({ series_cap: 4 });
  for (const [name, total] of [
    ["a", 1],
    ["b", 2],
    ["c", 10],
  ] as const)
    metrics.observe(records(name, total));
  metrics.recorder.archive("a");
  metrics.recorder.archive("b");
  metrics.observe(records("c", 11));
  metrics.observe(records("d", 100));
  const shown = (await metrics.samples()).filter((line) => line.startsWith("records_processed_total"));
  expect(shown.sort()).toEqual([
    'records_processed_total{pipeline_name="_other",stage="_other"} 11',
    'records_processed_total{pipeline_name="d",stage="load"} 100',
  ]);
});

test("a pipeline that is really called _other shares the series, and its archiving leaves the sum of the others", async () => {
  const metrics = newMetrics({ series_cap: 6 });
  metrics.observe(records("_other", 1000, "_other"));
  metrics.observe(records("a", 1));
  expect(metrics.dropped.size).toBe(0);
  metrics.observe(records("b", 10));
  metrics.observe(records("c", 20));
  metrics.observe(records("_other", 1001, "_other"));
  const other = 'records_processed_total{pipeline_name="_other",stage="_other"} 1021';
  expect(await metrics.samples()).toContain(other);
  metrics.recorder.archive("_other");
  expect(await metrics.samples()).toContain(other);
});

/** Five series: of a feature that was judged. */
const judged = (feature_name: string) => ({
  features: [
    {
      ...{ pipeline_name: "p", feature_name, run_order: 1, at: LONG_AGO, verdict: "stable" as const, psi: 0.1 },
      ...{ p_value: 0.5, threshold: 0.2, critical_psi: 0.1, n_current: 100 },
    },
  ],
});
const gate = (pipeline_name: string) => ({ pipeline_name, decision: "pass" as const, allowed: true });
const familiesOf = async (metrics: ReturnType<typeof newMetrics>) => {
  const counts: Record<string, number> = {};
  for (const line of await metrics.samples()) {
    const family = line.split("{")[0]!;
    counts[family] = (counts[family] ?? 0) + 1;
  }
  return counts;
};

test("gates find room where the details of drift stand: these leave, the least of them first", async () => {
  const metrics = newMetrics({ series_cap: 30 });
  for (const feature of ["a", "b", "c", "d"]) metrics.observe(judged(feature));
  expect(await familiesOf(metrics)).toMatchObject({
    feature_rows: 4,
    feature_drift_p_value: 4,
    feature_drift_threshold: 4,
  });
  // 20 of features, 6 a gate: the second one takes what is left and the place of the rows.
  metrics.recorder.showGates([gate("p"), gate("q")]);
  expect(await familiesOf(metrics)).toEqual({
    ...{ gate_allowed: 2, gate_decision: 10 },
    ...{ feature_drift_score: 4, feature_drifted: 4, feature_drift_p_value: 4, feature_drift_threshold: 4 },
  });
  metrics.recorder.showGates([gate("r")]);
  expect(await familiesOf(metrics)).toEqual({
    ...{ gate_allowed: 3, gate_decision: 15, feature_drift_score: 4, feature_drifted: 4 },
    ...{ feature_drift_threshold: 4 },
  });
  expect(Object.fromEntries(metrics.dropped)).toEqual({ feature_rows: 4, feature_drift_p_value: 4 });
});

test("counters and histograms find room in the same way, before they are folded", async () => {
  const metrics = newMetrics({ series_cap: 12 });
  for (const feature of ["a", "b"]) metrics.observe(judged(feature));
  metrics.observe(records("p", 1));
  metrics.observe(records("p", 1, "store"));
  expect(await familiesOf(metrics)).toMatchObject({ records_processed_total: 2, records_failed_total: 2 });
  expect((await metrics.samples()).join()).not.toContain("_other");
  expect([...metrics.dropped.keys()]).toEqual(["feature_rows"]);
});

test("details fill nine tenths of the cap, and come back with their next verdict once there is room", async () => {
  const metrics = newMetrics({ series_cap: 20 });
  for (const feature of ["a", "b", "c", "d"]) metrics.observe(judged(feature));
  expect(metrics.exposition.series).toBe(18);
  expect(await familiesOf(metrics)).toMatchObject({
    feature_drift_score: 4,
    feature_drifted: 4,
    feature_drift_p_value: 3,
  });
  metrics.recorder.showGates([gate("q"), gate("r")]);
  expect(await familiesOf(metrics)).toEqual({
    ...{ gate_allowed: 2, gate_decision: 10, feature_drift_score: 4, feature_drifted: 4 },
  });
  metrics.recorder.archive("q", "r");
  const [a] = judged("a").features;
  metrics.observe({ features: [{ ...a!, at: LONG_AGO + 1 }] });
  expect(await familiesOf(metrics)).toEqual({
    ...{ feature_drift_score: 4, feature_drifted: 4 },
    ...{ feature_rows: 1, feature_drift_p_value: 1, feature_drift_threshold: 1 },
  });
});

test("of a family that is off nothing is kept, shown or counted as dropped", async () => {
  const off = ["feature_rows", "sla_rate_ratio", "records_failed_total"];
  const metrics = newMetrics({ series_cap: 30, off });
  metrics.observe({ ...judged("a"), ...records("p", 1) });
  metrics.recorder.setSlaRates(["p"], {
    checks: [{ pipeline_name: "p", check_name: "c", window: "7d", ratio: 1 }],
    pipelines: [{ pipeline_name: "p", window: "7d", ratio: 1 }],
    targets: [],
  });
  expect(await familiesOf(metrics)).toEqual({
    ...{ feature_drift_score: 1, feature_drifted: 1, feature_drift_p_value: 1, feature_drift_threshold: 1 },
    ...{ records_processed_total: 1, pipeline_sla_rate_ratio: 1 },
  });
  expect(metrics.exposition.series).toBe(6);
  const body = await metrics.body();
  for (const family of off) expect(body).not.toContain(`# TYPE ${family} `);
  expect(metrics.dropped.size).toBe(0);
  metrics.recorder.archive("p");
  expect(await metrics.samples()).toEqual([]);
  expect(metrics.failures).toEqual([]);
});

test("the memory of folded series is bounded: what comes after is only counted as dropped", async () => {
  const metrics = newMetrics({ series_cap: 2 });
  for (let i = 0; i < 30_000; i++) metrics.observe(records(`p${i}`, 1));
  // 100 000 numbers, two for each of two counters.
  expect(await metrics.samples()).toContain('records_processed_total{pipeline_name="_other",stage="_other"} 25000');
  expect(metrics.dropped.get("records_processed_total")).toBe(29_999);
});

test("however many series there are, the sum over a family is the sum of the totals", async () => {
  const step = fc.record({ pipeline: fc.nat(30), total: fc.nat(1_000_000) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 200 }), fc.nat(70), async (steps, cap) => {
      const metrics = newMetrics({ series_cap: cap });
      const totals = new Map<number, number>();
      for (const { pipeline, total } of steps) {
        metrics.observe(records(`p${pipeline}`, total));
        totals.set(pipeline, total);
      }
      const shown = (await metrics.samples()).filter((line) => line.startsWith("records_processed_total"));
      const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
      expect(sum(shown.map((line) => Number(line.split(" ").at(-1))))).toBe(sum(totals.values()));
    }),
  );
});
