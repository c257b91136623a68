import { expect, test } from "vitest";
import { LONG_AGO, NOW, newMetrics } from "./support.ts";

const HOLD = 35_000;
const born = (stage: string, processed: number, born_at: number) => ({
  records: [{ pipeline_name: "p", stage, processed, failed: 0, born_at }],
});

test("a counter born above 0 is shown as 0 until the hold is over, with its later increments", async () => {
  const metrics = newMetrics({ birth_hold: HOLD });
  metrics.observe(born("load", 5, NOW));
  expect(await metrics.samples()).toContain('records_processed_total{pipeline_name="p",stage="load"} 0');
  metrics.clock.at = NOW + HOLD - 1;
  metrics.observe(born("load", 8, NOW));
  expect(await metrics.samples()).toContain('records_processed_total{pipeline_name="p",stage="load"} 0');
  metrics.clock.at = NOW + HOLD;
  expect(await metrics.samples()).toContain('records_processed_total{pipeline_name="p",stage="load"} 8');
});

test("all lines of a histogram are held together", async () => {
  const metrics = newMetrics({ birth_hold: HOLD });
  const histogram = { buckets: [0, 1, 0, 0, 0, 0, 0, 0, 2], sum: 20.5, count: 3 };
  metrics.observe({ latencies: [{ pipeline_name: "p", operation: "vector_search", histogram, born_at: NOW }] });
  expect((await metrics.samples()).filter((line) => !line.endsWith(" 0"))).toEqual([]);
  metrics.clock.at = NOW + HOLD;
  expect(await metrics.samples()).toContain('vector_search_latency_seconds_sum{pipeline_name="p"} 20.5');
  expect(await metrics.samples()).toContain('vector_search_latency_seconds_bucket{pipeline_name="p",le="+Inf"} 3');
});

test("the body says how many are held, and for how long", async () => {
  const metrics = newMetrics({ birth_hold: HOLD });
  metrics.observe(born("a", 1, NOW));
  expect(await metrics.body()).toMatch(
    /^# sluice: 1 new series is shown as 0 until it is 35s old, so that increase\(\) sees its first count\n/,
  );
  metrics.observe(born("b", 1, NOW));
  expect(await metrics.body()).toMatch(
    /^# sluice: 2 new series are shown as 0 until they are 35s old, so that increase\(\) sees their first count\n/,
  );
  metrics.clock.at = NOW + HOLD;
  expect(await metrics.body()).not.toContain("# sluice:");
});

test("a series that is at 0 anyway is not spoken of", async () => {
  const metrics = newMetrics({ birth_hold: HOLD });
  metrics.observe({ births: [{ pipeline_name: "p", born_at: NOW }] });
  expect(await metrics.body()).not.toContain("# sluice:");
});

test("a pipeline's first run is held from the pipeline's birth", async () => {
  const metrics = newMetrics({ birth_hold: HOLD });
  const failed = 'pipeline_runs_total{pipeline_name="p",status="failed"}';
  metrics.observe({
    births: [{ pipeline_name: "p", born_at: NOW - 5_000 }],
    runs: [{ pipeline_name: "p", status: "failed", total: 1 }],
  });
  expect(await metrics.samples()).toContain(`${failed} 0`);
  metrics.clock.at = NOW - 5_000 + HOLD;
  expect(await metrics.samples()).toContain(`${failed} 1`);
});

test("a count within the hold of a pipeline born at 0 is held too, since its 0 may not have been scraped yet", async () => {
  const metrics = newMetrics({ birth_hold: HOLD });
  metrics.observe({ births: [{ pipeline_name: "p", born_at: NOW }] });
  metrics.clock.at = NOW + 1_000;
  metrics.observe({ runs: [{ pipeline_name: "p", status: "failed", total: 1 }] });
  expect(await metrics.samples()).toContain('pipeline_runs_total{pipeline_name="p",status="failed"} 0');
});

test("after a restore the old are shown at once, the recent are held until their time", async () => {
  const metrics = newMetrics({ birth_hold: HOLD });
  metrics.observe(born("recent", 3, NOW - 30_000));
  metrics.observe(born("newest", 4, NOW - 1_000));
  metrics.observe(born("old", 2, LONG_AGO));
  const shown = async () => (await metrics.samples()).filter((line) => line.startsWith("records_processed_total"));
  const line = (stage: string, value: number) => `records_processed_total{pipeline_name="p",stage="${stage}"} ${value}`;
  expect(await shown()).toEqual([line("recent", 0), line("newest", 0), line("old", 2)]);
  metrics.clock.at = NOW + 5_000;
  expect(await shown()).toEqual([line("recent", 3), line("newest", 0), line("old", 2)]);
});

test("births that arrive out of order are released each at its own time", async () => {
  const metrics = newMetrics({ birth_hold: HOLD });
  const order = [17, 3, 29, 11, 5, 23, 2, 13, 19, 7];
  for (const second of order) metrics.observe(born(`s${second}`, 1, NOW - second * 1000));
  for (const second of [...order].sort((a, b) => b - a)) {
    metrics.clock.at = NOW - second * 1000 + HOLD;
    const shown = (await metrics.samples()).filter(
      (line) => line.startsWith("records_processed") && line.endsWith(" 1"),
    );
    expect(shown).toHaveLength(order.filter((other) => other >= second).length);
  }
});

test("a birth in the future counts from now", async () => {
  const metrics = newMetrics({ birth_hold: HOLD });
  metrics.observe(born("load", 1, NOW + 3_600_000));
  metrics.clock.at = NOW + HOLD;
  expect(await metrics.samples()).toContain('records_processed_total{pipeline_name="p",stage="load"} 1');
});

test("a series that is archived while held takes nothing with it", async () => {
  const metrics = newMetrics({ birth_hold: HOLD });
  metrics.observe(born("load", 1, NOW));
  metrics.recorder.archive("p");
  metrics.clock.at = NOW + 20_000;
  metrics.observe(born("load", 2, NOW + 20_000));
  metrics.clock.at = NOW + HOLD;
  expect(await metrics.body()).toContain("1 new series is");
  expect(await metrics.samples()).toContain('records_processed_total{pipeline_name="p",stage="load"} 0');
  metrics.clock.at = NOW + 20_000 + HOLD;
  expect(await metrics.body()).not.toContain("# sluice:");
  expect(await metrics.samples()).toContain('records_processed_total{pipeline_name="p",stage="load"} 2');
});

test("a pipeline that was never announced as born is an old one", async () => {
  const metrics = newMetrics({ birth_hold: HOLD });
  metrics.observe({ runs: [{ pipeline_name: "p", status: "success", total: 7 }] });
  expect(await metrics.samples()).toContain('pipeline_runs_total{pipeline_name="p",status="success"} 7');
});
