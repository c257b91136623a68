import { describe, expect, test } from "vitest";
import { ratesSvg } from "../../../src/adapters/notify/email/drift-svg.ts";
import { passes } from "../../../src/domain/commit/kinds/quality.ts";
import { driftVerdict } from "../../../src/domain/drift/first-rule/measurement.ts";
import { checkLatency } from "../../../src/domain/gate/checks/latency.ts";
import { checkOverallQuality } from "../../../src/domain/gate/checks/overall-quality.ts";
import { checkQuality } from "../../../src/domain/gate/checks/quality.ts";
import { checkStageRatio } from "../../../src/domain/gate/checks/stage-ratio.ts";
import { slaState } from "../../../src/domain/sla/sla.ts";
import { atLeast, atMost, exportedNumber, isRarer } from "../../../src/domain/words/tolerance.ts";
import { check, evidence, policy, stage } from "../gate/checks/evidence.ts";

/** Every whole per cent: the share of rows that are right as programs compute it, and as people write it down. */
const PERCENTS = Array.from({ length: 101 }, (_, k) => ({ wrong: k, computed: 1 - k / 100, written: (100 - k) / 100 }));

describe("1 − k/100 against (100 − k)/100", () => {
  test("differs in 20 of the 101 whole per cents, by what binary fractions cannot say", () => {
    expect(PERCENTS.filter(({ computed, written }) => computed < written)).toHaveLength(20);
    expect(1 - 7 / 100).toBeLessThan(0.93);
  });

  test.each(PERCENTS)("$wrong % wrong", ({ computed, written }) => {
    expect(atLeast(computed, written)).toBe(true);
    expect(atMost(written, computed)).toBe(true);
    expect(exportedNumber(computed)).toBe(exportedNumber(written));
    const of = check({ score: computed, threshold: written });
    expect(passes({ check_name: "c", score: computed, threshold: written, severity: "error", error: null })).toBe(true);
    expect(checkQuality(evidence({ checks: [of] }), policy()).reasons).toEqual([]);
    const minimum = policy({ quality: { minimum: written } });
    expect(checkOverallQuality(evidence({ checks: [of] }), minimum).reasons).toEqual([]);
    const rule = policy({ quality: { checks: [{ check_name: "null_rate", minimum: written }] } });
    expect(checkQuality(evidence({ checks: [{ ...of, threshold: 0 }] }), rule).reasons).toEqual([]);
  });
});

test("what is missed by more than noise is missed", () => {
  expect(atLeast(0.93 - 1e-8, 0.93)).toBe(false);
  expect(atMost(0.93 + 1e-8, 0.93)).toBe(false);
  const checks = [check({ score: 0.93 - 1e-8, threshold: 0.93 })];
  expect(checkQuality(evidence({ checks }), policy()).reasons).toHaveLength(1);
});

test.each([
  // 0.1 × 3 is 0.30000000000000004, and 6 / 10 × 3 is 1.7999999999999998.
  [3, 10, 0.1 * 3, 1],
  [18, 10, 0, (6 / 10) * 3],
])("%i of %i loaded lies within %d … %d", (loaded, transformed, minimum, maximum) => {
  const ratios = [{ stage: "load", of: "transform", minimum, maximum }];
  const stages = [stage("load", loaded), stage("transform", transformed)];
  expect(checkStageRatio(evidence({ stages }), policy({ records: { ratios } })).reasons).toEqual([]);
});

test("a quantile that is the maximum but for noise is not above it", () => {
  const latency = [{ operation: "lookup", quantile: 0.7, maximum_seconds: 0.7, effect: "block" as const }];
  // Linear within the one bucket: 0.7 of its bound.
  const histogram = { buckets: [10, 0], count: 10, sum: 5 };
  for (const bound of [1, 1 + 1e-15, 1 + 1e-12]) {
    const latencies = [{ operation: "lookup", histogram, bounds: [bound] }];
    expect(checkLatency(evidence({ latencies }), policy({ latency })).reasons).toEqual([]);
  }
  const above = [{ operation: "lookup", histogram, bounds: [1.001] }];
  expect(checkLatency(evidence({ latencies: above }), policy({ latency })).reasons).toHaveLength(1);
});

test("an SLA rate that is its target but for noise reaches it, however many results there are", () => {
  for (const total of [1000, 1_000_000, 1_000_000_000]) {
    for (const target of [99.9, 99.3, 64.1, 0.7]) {
      const passed = Math.round((total * target) / 100);
      expect(slaState({ total, passed, excluded: 0 }, target), `${passed} of ${total}`).toBe("ok");
      expect(slaState({ total, passed: passed - 1, excluded: 0 }, target)).toBe("breaching");
    }
  }
});

test("a day in a digest whose rate is the target but for noise is not drawn as missed", () => {
  expect(ratesSvg([99.3 - 1e-13], 99.3, 90)).toBe(ratesSvg([99.3], 99.3, 90));
  expect(ratesSvg([99.2], 99.3, 90)).toContain("#c0392b");
});

test("a PSI at its threshold, a p at alpha and a critical PSI at the threshold are not beyond them for noise", () => {
  const drifted = { psi: 0.3, p_value: 0.001, cautious_p: 0.001, critical_psi: 0.1, threshold: 0.2, alpha: 0.01 };
  expect(driftVerdict(drifted)).toBe("drifted");
  expect(driftVerdict({ ...drifted, psi: 0.1 + 0.1 + 1e-16 })).toBe("stable");
  // An adjusted p is a product and a quotient: 0.01 may come out as the number before it.
  expect(driftVerdict({ ...drifted, p_value: 0.009999999999999998, cautious_p: 0.001 })).toBe("stable");
  expect(driftVerdict({ ...drifted, psi: 0.1, critical_psi: 0.2 + 1e-16 })).toBe("stable");
  expect(driftVerdict({ ...drifted, psi: 0.1, critical_psi: 0.21 })).toBe("inconclusive");
});

test("an alpha below the tolerance still tells p-values apart", () => {
  expect(isRarer(1e-13, 1e-12)).toBe(true);
  expect(isRarer(1e-12, 1e-12)).toBe(false);
});
