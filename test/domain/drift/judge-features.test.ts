import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DriftVerdict } from "../../../src/domain/drift/drift-verdict.ts";
import { driftVerdict } from "../../../src/domain/drift/first-rule/measurement.ts";
import { alignHistograms } from "../../../src/domain/drift/histograms/align-histograms.ts";
import { judgeFeatures } from "../../../src/domain/drift/judge-features.ts";
import { jeffreysPsi } from "../../../src/domain/drift/stats/distances/jeffreys-psi.ts";
import { psi } from "../../../src/domain/drift/stats/distances/psi.ts";
import { binLabels } from "../../../src/histogram/bin-labels.ts";
import type { CategoricalHistogram, Distribution, NumericHistogram } from "../../../src/histogram/distribution.ts";
import { mergeCounts } from "../../../src/histogram/merge-counts.ts";

const positional = (counts: number[], nulls = 0): Distribution => ({ kind: "positional", counts, nulls });
const numeric = (edges: number[], counts: number[], nulls = 0): NumericHistogram => ({
  kind: "numeric",
  edges,
  counts,
  nulls,
});
const categorical = (counts: Record<string, number>, nulls = 0): CategoricalHistogram => ({
  kind: "categorical",
  categories: Object.keys(counts),
  counts: Object.values(counts),
  nulls,
});

function verdictOf(reference: Distribution, current: Distribution, settings = {}): DriftVerdict {
  const [judged] = judgeFeatures([{ feature_name: "feature", reference, current, ...settings }]);
  if (!judged?.ok) throw new Error(JSON.stringify(judged));
  return judged.verdict;
}

describe("the worked example", () => {
  const report = [
    {
      feature_name: "age",
      reference: positional([100, 200, 300, 250, 150]),
      current: positional([80, 180, 350, 250, 140]),
    },
    {
      feature_name: "amount",
      reference: positional([50, 150, 300, 350, 150]),
      current: positional([50, 150, 300, 350, 150]),
    },
  ];

  it("finds age stable at PSI 0.01497 and amount at exactly 0", () => {
    const [age, amount] = judgeFeatures(report).map((judged) => (judged.ok ? judged.verdict : null));
    expect(age).toMatchObject({ verdict: "stable", threshold: 0.2, n_reference: 1000, n_current: 1000 });
    expect(age!.psi).toBeCloseTo(0.014967544045673152, 12);
    // scipy.stats.chi2.sf(500 * 0.014885669645971527, 4), doubled as the lesser of two
    expect(age!.p_value).toBeCloseTo(2 * 0.11425661426982385, 12);
    expect(age!.critical_psi).toBeCloseTo(13.276704135987622 / 500, 12);
    expect(amount).toMatchObject({ verdict: "stable", psi: 0, p_value: 1 });
    expect(amount!.measures).toEqual({ js_distance: 0, hellinger: 0, ks: 0, chi_square_p: 1 });
  });

  it("draws the bins as shares", () => {
    const verdict = verdictOf(report[0]!.reference, report[0]!.current);
    expect(verdict.bins[0]).toEqual({ label: "0", expected: 0.1, actual: 0.08 });
    expect(verdict.bins).toHaveLength(5);
  });
});

describe("the verdict", () => {
  const evidence = { psi: 0.3, p_value: 0.001, cautious_p: 0.002, critical_psi: 0.1, threshold: 0.2, alpha: 0.01 };

  it("is drifted only with an effect above the threshold that is not chance", () => {
    expect(driftVerdict(evidence)).toBe("drifted");
    expect(driftVerdict({ ...evidence, psi: 0.2 })).toBe("stable");
    expect(driftVerdict({ ...evidence, p_value: 0.01 })).toBe("stable");
    expect(driftVerdict({ ...evidence, cautious_p: 0.01 })).toBe("stable");
  });

  it("is inconclusive when it did not drift and noise alone passes the threshold", () => {
    expect(driftVerdict({ ...evidence, psi: 0.1, critical_psi: 0.21 })).toBe("inconclusive");
    expect(driftVerdict({ ...evidence, p_value: 0.5, critical_psi: 0.21 })).toBe("inconclusive");
    expect(driftVerdict({ ...evidence, critical_psi: 0.21 })).toBe("drifted");
  });

  it("is no_data when either side holds no rows, and then there are no numbers", () => {
    for (const [reference, current] of [
      [positional([0, 0]), positional([1, 2])],
      [positional([1, 2]), positional([0, 0])],
      [categorical({}), categorical({ a: 1 })],
    ] as const) {
      const verdict = verdictOf(reference, current);
      expect(verdict).toMatchObject({ verdict: "no_data", psi: null, p_value: null, critical_psi: null });
      expect(verdict.measures).toEqual({ js_distance: null, hellinger: null, ks: null, chi_square_p: null });
    }
  });

  it("has psi 0 and p 1 with a single bin, however few the rows", () => {
    const verdict = verdictOf(positional([3]), positional([1]));
    expect(verdict).toMatchObject({ verdict: "stable", psi: 0, p_value: 1, critical_psi: 0 });
  });

  it("takes a feature's own alpha and threshold before those of the report", () => {
    const feature = {
      feature_name: "f",
      reference: positional([500, 500]),
      current: positional([400, 600]),
    };
    const [defaults, own] = judgeFeatures([feature, { ...feature, threshold: 0.01, alpha: 1e-30 }], {
      threshold: 0.03,
      alpha: 0.05,
    });
    // PSI 0.0405; p about 6e-6
    expect(defaults).toMatchObject({ ok: true, verdict: { verdict: "drifted", threshold: 0.03 } });
    expect(own).toMatchObject({ ok: true, verdict: { threshold: 0.01 } });
    expect(own).not.toMatchObject({ verdict: { verdict: "drifted" } });
  });

  it("adjusts p-values over the features that have rows, and leaves the others out of the count", () => {
    const judged = judgeFeatures([
      { feature_name: "a", reference: positional([500, 500]), current: positional([450, 550]) },
      { feature_name: "none", reference: positional([500, 500]), current: positional([0, 0]) },
      { feature_name: "odd", reference: positional([500, 500]), current: positional([1, 2, 3]) },
      { feature_name: "b", reference: positional([500, 500]), current: positional([500, 500]) },
    ]);
    const alone = verdictOf(positional([500, 500]), positional([450, 550])).p_value!;
    expect(judged[0]).toMatchObject({ ok: true });
    expect(judged[0]!.ok && judged[0]!.verdict.p_value).toBeCloseTo(2 * alone, 14);
    expect(judged.map(({ feature_name }) => feature_name)).toEqual(["a", "none", "odd", "b"]);
    expect(judged[2]).toMatchObject({ ok: false, code: "reference_mismatch" });
  });

  it("answers an empty report with nothing", () => {
    expect(judgeFeatures([])).toEqual([]);
  });
});

describe("how rows become bins", () => {
  it("nulls are a bin of their own when either side has any", () => {
    const verdict = verdictOf(numeric([0, 1, 2], [50, 50]), numeric([0, 1, 2], [25, 25], 50));
    expect(verdict.bins).toEqual([
      { label: "(-∞, 1)", expected: 0.5, actual: 0.25 },
      { label: "[1, ∞)", expected: 0.5, actual: 0.25 },
      { label: "nulls", expected: 0, actual: 0.5 },
    ]);
    expect(verdict.n_current).toBe(100);
    expect(verdict.psi).toBe(psi([50, 50, 0], [25, 25, 50]));
  });

  it("ks and wasserstein are of the rows that have a value", () => {
    const { measures } = verdictOf(numeric([0, 1, 2], [50, 50]), numeric([0, 1, 2], [25, 25], 50));
    expect(measures).toMatchObject({ ks: 0, wasserstein: 0 });
    const allNull = verdictOf(numeric([0, 1, 2], [50, 50]), numeric([0, 1, 2], [0, 0], 100));
    expect(allNull.measures.ks).toBeNull();
    expect(allNull.measures).not.toHaveProperty("wasserstein");
  });

  it("categories are matched by name, in whatever order they come", () => {
    expect(verdictOf(categorical({ a: 60, b: 40 }), categorical({ b: 40, a: 60 })).psi).toBe(0);
  });

  it("a reference's own category named other takes what no other name takes", () => {
    const verdict = verdictOf(categorical({ a: 60, other: 40 }), categorical({ a: 60, z: 30, other: 10 }));
    expect(verdict.psi).toBe(0);
    expect(verdict.bins.map(({ label }) => label)).toEqual(["a", "other"]);
  });

  it("ks is left out for categories, which have no order", () => {
    expect(verdictOf(categorical({ a: 60, b: 40 }), categorical({ a: 50, b: 50 })).measures.ks).toBeNull();
  });

  it("counts on edges of their own are re-binned, with the error bound in the answer", () => {
    const verdict = verdictOf(numeric([0, 10, 20], [50, 50]), numeric([0, 5, 15, 20], [30, 40, 30]));
    expect(verdict.rebin_error).toBe(0.2);
    expect(verdict.psi).toBe(0);
    expect(verdictOf(numeric([0, 10, 20], [50, 50]), numeric([0, 10, 20], [50, 50]))).not.toHaveProperty("rebin_error");
  });

  it("counts alone fit a numeric reference of as many bins", () => {
    const verdict = verdictOf(numeric([0, 10, 20], [50, 50]), positional([50, 50]));
    expect(verdict.measures.wasserstein).toBe(0);
  });

  it("what does not fit its reference is a value that says so", () => {
    const cases: [Distribution, Distribution, string][] = [
      [positional([1, 2]), positional([1, 2, 3]), "/counts"],
      [numeric([0, 1, 2], [1, 2]), positional([1, 2, 3]), "/counts"],
      [positional([1, 2]), numeric([0, 1, 2], [1, 2]), "/edges"],
      [positional([1, 2]), categorical({ a: 1 }), "/kind"],
      [categorical({ a: 1 }), positional([1]), "/kind"],
      [categorical({ a: 1 }), numeric([0, 1], [1]), "/kind"],
    ];
    for (const [reference, current, path] of cases) {
      const outcome = alignHistograms(reference, current);
      expect(outcome).toMatchObject({ ok: false, code: "reference_mismatch", errors: [{ path }] });
    }
  });

  it("labels cut edges to six digits only where that keeps them apart", () => {
    expect(binLabels(numeric([0, 1 / 3, 2 / 3, 1], [1, 1, 1]))).toEqual([
      "(-∞, 0.333333)",
      "[0.333333, 0.666667)",
      "[0.666667, ∞)",
    ]);
    expect(binLabels(numeric([0, 1_700_000_001, 1_700_000_002, 2e9], [1, 1, 1]))[1]).toBe("[1700000001, 1700000002)");
    expect(binLabels(numeric([0, 1], [1]))).toEqual(["(-∞, ∞)"]);
  });
});

describe("for any counts", () => {
  const count = fc.oneof(fc.nat(5), fc.nat(100_000), fc.maxSafeNat(), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER));
  const pair = fc.integer({ min: 1, max: 30 }).chain((bins) => {
    const counts = fc.array(count, { minLength: bins, maxLength: bins });
    return fc.tuple(counts, counts);
  });
  const numbersIn = (value: unknown): number[] =>
    typeof value === "number"
      ? [value]
      : typeof value === "object" && value !== null
        ? Object.values(value).flatMap(numbersIn)
        : [];

  it("no number of a verdict is ever NaN, infinite or out of its range", () => {
    fc.assert(
      fc.property(pair, fc.nat(3), count, count, ([expected, actual], kind, nullsBefore, nullsNow) => {
        const edges = Array.from({ length: expected.length + 1 }, (_, i) => (i - 3) * 10 ** (i % 7) + i * 1e8);
        const shifted = edges.map((edge) => edge * 1.01 + 5);
        const names = (counts: number[]) => categorical(Object.fromEntries(counts.map((n, i) => [`c${i}`, n])));
        const [reference, current] = [
          [positional(expected, nullsBefore), positional(actual, nullsNow)],
          [numeric(edges, expected, nullsBefore), numeric(edges, actual, nullsNow)],
          [numeric(edges, expected, nullsBefore), numeric(shifted, actual, nullsNow)],
          [names(expected), names(actual.slice(1))],
        ][kind] as [Distribution, Distribution];
        const verdict = verdictOf(reference, current);
        for (const number of numbersIn(verdict)) expect(Number.isFinite(number)).toBe(true);
        if (verdict.verdict !== "no_data") {
          expect(verdict.psi).toBeGreaterThanOrEqual(0);
          expect(verdict.p_value).toBeGreaterThanOrEqual(0);
          expect(verdict.p_value).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("PSI and PSI½ are symmetric and free of the order of the bins", () => {
    fc.assert(
      fc.property(pair, ([expected, actual]) => {
        const reversed = [[...expected].reverse(), [...actual].reverse()] as const;
        for (const measure of [psi, jeffreysPsi]) {
          const value = measure(expected, actual);
          if (value === null) {
            expect(measure(actual, expected)).toBeNull();
            continue;
          }
          expect(Math.abs(measure(actual, expected)! - value)).toBeLessThanOrEqual(1e-12 * Math.max(1, value));
          expect(Math.abs(measure(...reversed)! - value)).toBeLessThanOrEqual(1e-12 * Math.max(1, value));
        }
      }),
    );
  });

  it("PSI is 0 for equal shares, whatever the totals", () => {
    const small = fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 1000 }), (counts, factor) => {
        const value = psi(
          counts,
          counts.map((n) => n * factor),
        );
        expect(value === null || value === 0).toBe(true);
      }),
    );
  });

  it("counts added are the counts of both batches together", () => {
    fc.assert(
      fc.property(pair, pair, ([first], [second]) => {
        const padded = first.map((_, i) => second[i] ?? 0);
        const merged = mergeCounts(first, padded);
        expect([...merged]).toEqual(first.map((n, i) => n + padded[i]!));
        expect([...mergeCounts(padded, first)]).toEqual([...merged]);
      }),
    );
  });
});
