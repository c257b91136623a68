import fc from "fast-check";
import { expect, test } from "vitest";
import type { SlaRates } from "../../../src/adapters/metrics/domain/recorder.ts";
import {
  type CheckGauge,
  type Committed,
  type FeatureGauge,
  type LatencyTotal,
  nothingCommitted,
} from "../../../src/domain/commit/committed.ts";
import { RUN_STATUSES } from "../../../src/domain/reports/report.ts";
import { Reference } from "./reference.ts";
import { NOW, newMetrics } from "./support.ts";

const HOLD = 35_000;

const pipeline_name = fc.constantFrom("a", "b", 'q"\\\n{}', "مرحبا 🚀", "_other");
const name = fc.constantFrom("x", "y", "le", "vector_search", "_other");
const total = fc.nat(1000);
const time = fc.integer({ min: NOW - 60_000, max: NOW + 60_000 });
const ratio = fc.constantFrom(0, 0.5, 0.125, 1);

/** Sums are eighths, so that adding and subtracting them is exact. */
function histogram(buckets: number): fc.Arbitrary<LatencyTotal> {
  return fc.record({
    buckets: fc.array(fc.nat(5), { minLength: buckets, maxLength: buckets }),
    sum: fc.nat(1000).map((eighths) => eighths / 8),
    count: total,
  });
}

const check: fc.Arbitrary<CheckGauge> = fc.record({
  check_name: name,
  run_order: fc.nat(4),
  at: fc.nat(2),
  score: fc.option(ratio),
  threshold: ratio,
});

const feature: fc.Arbitrary<FeatureGauge> = fc
  .record({
    feature_name: name,
    run_order: fc.nat(4),
    at: fc.nat(2),
    verdict: fc.constantFrom<FeatureGauge["verdict"]>("drifted", "stable", "inconclusive"),
    psi: fc.option(ratio),
    p_value: ratio,
    threshold: ratio,
    n_current: total,
  })
  // One PSI has one of everything: what wins a full tie is nobody's business.
  .map((gauge) =>
    gauge.psi === null
      ? { ...gauge, verdict: "no_data" as const, p_value: null, threshold: 0.2, n_current: 0 }
      : { ...gauge, verdict: "drifted" as const, p_value: 0, threshold: 0.2, n_current: 7 },
  );

const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });

const observed: fc.Arbitrary<Committed> = fc.record({
  births: list(fc.record({ pipeline_name, born_at: time })),
  runs: list(fc.record({ pipeline_name, status: fc.constantFrom(...RUN_STATUSES), total })),
  durations: list(fc.record({ pipeline_name, histogram: histogram(9) })),
  records: list(fc.record({ pipeline_name, stage: name, processed: total, failed: total, born_at: time })),
  latencies: list(
    name.chain((operation) => {
      const buckets = operation === "vector_search" ? 9 : 16;
      return fc.record({
        pipeline_name,
        operation: fc.constant(operation),
        histogram: histogram(buckets),
        born_at: time,
      });
    }),
  ),
  checks: list(fc.tuple(pipeline_name, check).map(([pipeline, gauge]) => ({ pipeline_name: pipeline, ...gauge }))),
  freshness: list(fc.record({ pipeline_name, dataset: name, data_through: time })),
  headlines: list(
    fc.record({
      pipeline_name,
      last_success_at: fc.option(time),
      last_failure_at: fc.option(time),
      last_duration_seconds: fc.option(ratio),
      gauge_horizon: fc.option(fc.nat(4)),
    }),
  ),
  features: list(fc.tuple(pipeline_name, feature).map(([pipeline, gauge]) => ({ pipeline_name: pipeline, ...gauge }))),
  rechecked: list(fc.record({ pipeline_name, checks: list(check), features: list(feature) })),
  // What gates say is shown by GateMetrics: gate-metrics.test.ts.
  gates: fc.constant([]),
  gate_decisions: fc.constant([]),
  run_changes: fc.constant([]),
  touched: fc.constant([]),
  undecided: fc.constant([]),
  revived: fc.constant([]),
  archived: fc.constant([]),
});

const window = fc.constantFrom("7d", "30d");
const slaRates: fc.Arbitrary<SlaRates & { names: string[] }> = fc.record({
  names: fc.array(pipeline_name),
  checks: list(fc.record({ pipeline_name, check_name: name, window, ratio })),
  pipelines: list(fc.record({ pipeline_name, window, ratio })),
  targets: fc.constant([]),
});

type Step =
  | { observed: Committed }
  | { slaRates: SlaRates & { names: string[] } }
  | { archived: string }
  | { waited: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ observed }), weight: 6 },
  { arbitrary: fc.record({ slaRates }), weight: 1 },
  { arbitrary: fc.record({ waited: fc.nat(30_000) }), weight: 2 },
  // Archiving _other leaves the series into which others are folded: series-cap.test.ts.
  { arbitrary: fc.record({ archived: pipeline_name.filter((pipeline) => pipeline !== "_other") }), weight: 1 },
);

test("whatever is observed, archived and expired, the body is what a naive renderer would print", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      const metrics = newMetrics({ birth_hold: HOLD });
      const reference = new Reference(HOLD);
      for (const one of steps) {
        if ("observed" in one) {
          metrics.observe(one.observed);
          reference.observe(one.observed, metrics.clock.at);
        } else if ("slaRates" in one) {
          const { names, ...rates } = one.slaRates;
          metrics.recorder.setSlaRates(names, rates);
          reference.setSlaRates(names, rates);
        } else if ("archived" in one) {
          metrics.observe({ ...nothingCommitted(), archived: [one.archived] });
          reference.archive(one.archived);
        } else {
          metrics.clock.at += one.waited;
        }
        expect((await metrics.samples()).sort()).toEqual(reference.samples(metrics.clock.at));
      }
      expect(metrics.failures).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("observing something twice changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(observed, { minLength: 1, maxLength: 4 }), async (all) => {
      const metrics = newMetrics({ birth_hold: HOLD });
      for (const one of all) metrics.observe(one);
      const once = (await metrics.samples()).sort();
      metrics.observe(all.at(-1)!);
      expect((await metrics.samples()).sort()).toEqual(once);
    }),
  );
});

test("observing everything at once after a start shows the same as having seen it come", async () => {
  const growth = fc.array(fc.record({ pipeline: pipeline_name, stage: name, more: total, waited: fc.nat(20_000) }));
  await fc.assert(
    fc.asyncProperty(growth, async (steps) => {
      const seen = newMetrics({ birth_hold: HOLD });
      const stored = new Map<string, Committed["records"][number]>();
      for (const { pipeline, stage, more, waited } of steps) {
        seen.clock.at += waited;
        const key = JSON.stringify([pipeline, stage]);
        const old = stored.get(key) ?? {
          pipeline_name: pipeline,
          stage,
          processed: 0,
          failed: 0,
          born_at: seen.clock.at,
        };
        stored.set(key, { ...old, processed: old.processed + more });
        seen.observe({ records: [stored.get(key)!] });
      }
      const restored = newMetrics({ birth_hold: HOLD });
      restored.clock.at = seen.clock.at;
      restored.recorder.observe({ ...nothingCommitted(), records: [...stored.values()] });
      expect((await restored.samples()).sort()).toEqual((await seen.samples()).sort());
    }),
  );
});
