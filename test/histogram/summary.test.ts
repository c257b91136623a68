import fc from "fast-check";
import { quantileSorted, sampleStandardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { rebin } from "../../src/domain/drift/histograms/rebin.ts";
import { binValues } from "../../src/histogram/bin-values.ts";
import { cleanValues } from "../../src/histogram/clean-values.ts";
import { histogramOf } from "../../src/histogram/histogram-of.ts";
import { currentAlone, currentOn, referenceOf } from "../../src/histogram/summary/count-numbers.ts";
import { momentsOf } from "../../src/histogram/summary/moments.ts";

const { MAX_VALUE, MIN_VALUE, NaN: nan, POSITIVE_INFINITY: inf } = Number;
const times = (n: number, value: number) => new Array<number>(n).fill(value);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Normal numbers by Box and Muller, the same each time. */
function normal(n: number, seed = 1): number[] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Array.from({ length: n }, () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()));
}

describe("a reference of values", () => {
  it("says what is known of its rows", () => {
    const { summary, nulls } = referenceOf(cleanValues([4, null, 1, 2, inf, 3, 1, -inf, inf, nan]));
    expect(nulls).toBe(2);
    expect(summary).toEqual({
      min: 1,
      max: 4,
      mean: 2.2,
      sd: Math.sqrt(1.7),
      distinct: 4,
      quantiles: { 0.01: 1, 0.05: 1, 0.25: 1, 0.5: 2, 0.75: 3, 0.95: 3.8, 0.99: 3.96 },
      spikes: [],
      outside: { below: 0, above: 0, inf: 2, neg_inf: 1 },
    });
  });

  it("names its spikes, the values that the rule gives a bin of their own", () => {
    expect(referenceOf(Float64Array.from([...times(95, 0), 1, 2, 3, 4, 5])).summary.spikes).toEqual([0]);
    expect(referenceOf(Float64Array.from([...times(20, 1), ...times(19, 2), ...times(30, -1)])).summary.spikes).toEqual(
      [-1, 1],
    );
    expect(referenceOf(Float64Array.from(times(19, 7))).summary.spikes).toEqual([]);
    expect(referenceOf(Float64Array.from(times(50, 7)), 10, "uniform").summary.spikes).toEqual([]);
  });

  it("says of no finite value that there is none", () => {
    expect(referenceOf(Float64Array.of(nan, inf)).summary).toEqual({
      distinct: 0,
      spikes: [],
      outside: { below: 0, above: 0, inf: 1, neg_inf: 0 },
    });
    expect(referenceOf(Float64Array.of()).summary.distinct).toBe(0);
  });

  it("has the quantiles of simple-statistics, to the last bit", () => {
    const number = fc.double({ noNaN: true, min: -1e9, max: 1e9 }).map((value) => value + 0);
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 80 }), (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const quantiles = Object.entries(referenceOf(Float64Array.from(values)).summary.quantiles!);
        for (const [share, value] of quantiles) {
          const same = quantileSorted(sorted, Number(share));
          expect(Math.abs(value - same)).toBeLessThanOrEqual(Math.abs(same) * 1e-12);
        }
      }),
    );
  });

  it("knows its quantiles where the distance of two values is no number", () => {
    const { quantiles } = referenceOf(Float64Array.of(-MAX_VALUE, MAX_VALUE)).summary;
    expect(quantiles!["0.5"]).toBe(0);
    for (const value of Object.values(quantiles!)) expect(Number.isFinite(value)).toBe(true);
  });
});

describe("mean and standard deviation", () => {
  const near = (value: number | undefined, expected: number, relative = 1e-12) =>
    expect(Math.abs(value! - expected)).toBeLessThanOrEqual(Math.abs(expected) * relative);

  it("keep their digits where a little noise lies on large numbers", () => {
    const noise = normal(10_000).map((value) => Math.round(value * 1024) / 1024);
    const { mean, sd } = momentsOf(Float64Array.from(noise, (value) => 1e9 + value));
    const alone = momentsOf(Float64Array.from(noise));
    near(sd, alone.sd!, 1e-9);
    near(sd, sampleStandardDeviation(noise), 1e-9);
    near(mean, 1e9 + alone.mean!);
  });

  it("are not lost behind one outlier, whichever row it is", () => {
    const values = upTo(1000);
    const first = momentsOf(Float64Array.of(1e12, ...values));
    const last = momentsOf(Float64Array.of(...values, 1e12));
    near(first.sd, last.sd!);
    near(first.mean, (1e12 + 499_500) / 1001);
  });

  it("of a constant are that number and 0", () => {
    expect(momentsOf(Float64Array.from(times(7, 19.99)))).toEqual({ min: 19.99, max: 19.99, mean: 19.99, sd: 0 });
    expect(momentsOf(Float64Array.of(-0))).toEqual({ min: 0, max: 0, mean: 0 });
  });

  it("are found where squares overflow or vanish", () => {
    near(momentsOf(Float64Array.of(1e300, 3e300)).sd, Math.SQRT2 * 1e300);
    near(momentsOf(Float64Array.of(1e-300, 3e-300)).sd, Math.SQRT2 * 1e-300);
    near(momentsOf(Float64Array.of(1e300, 3e300)).mean, 2e300);
    const widest = momentsOf(Float64Array.of(-MAX_VALUE, MAX_VALUE));
    expect(widest).toEqual({ min: -MAX_VALUE, max: MAX_VALUE, mean: 0 });
    expect(momentsOf(Float64Array.of(MAX_VALUE, MAX_VALUE, MAX_VALUE * 0.5)).mean).toBeLessThanOrEqual(MAX_VALUE);
    expect(momentsOf(Float64Array.of(MIN_VALUE, 0)).max).toBe(MIN_VALUE);
  });

  it("are of the finite values, and the mean lies between the least and the greatest", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 50 }), (values) => {
        const { min, max, mean, sd } = momentsOf(Float64Array.from(values));
        const finite = values.filter(Number.isFinite);
        fc.pre(finite.length > 0);
        expect([min! <= mean!, mean! <= max!]).toEqual([true, true]);
        expect(min).toBe(Math.min(...finite) + 0);
        if (sd !== undefined) expect(sd >= 0 && Number.isFinite(sd)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("current values on the edges of a reference", () => {
  const edges = [0, 10, 20, 30];

  it("are counted as before, and what lies outside the reference's range is told", () => {
    // A tenth of the range from 0 to 30 is still inside.
    const numbers = cleanValues([-3, -3.1, 5, 33, 33.1, 99, inf, -inf, -inf, null]);
    const { counts, nulls, summary } = currentOn(numbers, { edges, min: 0, max: 30 });
    expect([[...counts], nulls]).toEqual([[5, 0, 4], 1]);
    expect(summary.outside).toEqual({ below: 1, above: 2, inf: 1, neg_inf: 2 });
    expect([summary.min, summary.max, summary.distinct]).toEqual([-3.1, 99, 6]);
    expect(summary).not.toHaveProperty("spikes");
  });

  it("where that range is not known, the infinite are told alone", () => {
    expect(currentOn(Float64Array.of(-99, inf), { edges }).summary.outside).toEqual({ inf: 1, neg_inf: 0 });
  });

  it("of a constant reference are outside where they are another number, and not where they are rounded", () => {
    const { summary } = currentOn(Float64Array.of(19.99, Math.fround(19.99), 19.991, 0), {
      edges,
      min: 19.99,
      max: 19.99,
    });
    expect(summary.outside).toEqual({ below: 1, above: 1, inf: 0, neg_inf: 0 });
    const widest = currentOn(Float64Array.of(-inf, inf, 0), { edges, min: -MAX_VALUE, max: MAX_VALUE });
    expect(widest.summary.outside).toEqual({ below: 0, above: 0, inf: 1, neg_inf: 1 });
    const zero = currentOn(Float64Array.of(0, 1e-12, -1), { edges, min: 0, max: 0 });
    expect(zero.summary.outside).toEqual({ below: 1, above: 0, inf: 0, neg_inf: 0 });
  });

  it("of more than 100 000 rows are not sorted", () => {
    const { summary } = currentOn(
      Float64Array.from({ length: 100_001 }, (_, i) => i),
      { edges },
    );
    expect(Object.keys(summary)).toEqual(["min", "max", "mean", "sd", "outside"]);
    expect(summary.max).toBe(100_000);
  });

  it("are what histogramOf makes of values, nulls beside them added", () => {
    const made = histogramOf({ values: [5, null, 99n], nulls: 2 }, edges, { min: 0, max: 30 });
    expect(made).toMatchObject({ counts: Float64Array.of(1, 0, 1), nulls: 3, summary: { outside: { above: 1 } } });
  });
});

describe("counts on edges", () => {
  it("keep what was sent of their rows", () => {
    const told = { min: 1, max: 9, outside: { inf: 0, neg_inf: 2 } };
    expect(histogramOf({ edges: [0, 1], counts: [3], mean: undefined, ...told }, null)).toMatchObject({
      summary: told,
    });
    expect(histogramOf({ edges: [0, 1], counts: [3] }, null)).not.toHaveProperty("summary");
  });
});

describe("current values whose reference is not known", () => {
  it("of few different values have a narrow bin each, and an exact place on the bins of any reference of theirs", () => {
    const level = fc.constantFrom(0, 1, 2, 2.5, 4, 19.99, 0.1 + 0.2, 1e6, -7);
    const column = fc
      .array(fc.tuple(level, fc.integer({ min: 1, max: 200 })), { minLength: 1, maxLength: 9 })
      .map((runs) => runs.flatMap(([value, rows]) => times(rows, value)));
    fc.assert(
      fc.property(column, column, (before, now) => {
        const reference = referenceOf(Float64Array.from(before));
        const { edges, counts } = currentAlone(Float64Array.from(now));
        const { counts: placed, error_bound } = rebin(counts, edges, reference.edges);
        expect([...placed]).toEqual([...binValues(now, reference.edges).counts]);
        expect(error_bound).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it("have a narrow bin for a spike among many values", () => {
    const column = (seed: number) => normal(5000, seed).map((value) => (value < 1.6449 ? 0 : Math.exp(value * 3)));
    const reference = referenceOf(Float64Array.from(column(1)));
    const now = column(2);
    const { edges, counts, summary } = currentAlone(Float64Array.from(now));
    const { counts: placed } = rebin(counts, edges, reference.edges);
    const zeros = now.filter((value) => value === 0).length;
    expect(summary.spikes).toEqual([0]);
    expect(placed[1]).toBe(zeros);
  });

  it("say nothing of a range that is not known", () => {
    expect(currentAlone(Float64Array.of(1, inf)).summary.outside).toEqual({ inf: 1, neg_inf: 0 });
  });

  it("rise and are finite at the ends of all numbers", () => {
    for (const values of [
      [MAX_VALUE, -MAX_VALUE, 0],
      [MIN_VALUE, 0, -MIN_VALUE],
      [1, 1 + Number.EPSILON],
      [MAX_VALUE],
    ]) {
      const { edges, counts } = currentAlone(Float64Array.from(values));
      for (let i = 1; i < edges.length; i++) expect(edges[i]!).toBeGreaterThan(edges[i - 1]!);
      expect([...counts].filter((count) => count > 0)).toEqual(times(values.length, 1));
    }
  });
});

describe("the shapes of the research", () => {
  const counts = (values: number[]) => [...referenceOf(Float64Array.from(values)).counts];
  const poisson = (n: number) =>
    normal(n).map((z) => {
      // The inverse of the distribution with mean 3, at the normal's rank.
      const u = 0.5 * (1 + Math.tanh(0.7978845608 * (z + 0.044715 * z ** 3)));
      let k = 0;
      for (let p = Math.exp(-3), sum = p; sum < u && k < 15; p *= 3 / ++k, sum += p);
      return k;
    });

  it.each<[string, number[], number]>([
    ["normal, 5 000 rows", normal(5000), 12],
    ["normal, 50 rows", normal(50), 5],
    ["lognormal, 5 000 rows", normal(5000).map(Math.exp), 12],
    ["ten levels, 10 000 rows", normal(10_000).map((z) => Math.max(-5, Math.min(4, Math.round(z * 2))) / 10), 12],
    ["ten levels, 50 rows", upTo(50).map((i) => (i % 10) / 10), 5],
    ["a boolean as 0 and 1", upTo(5000).map((i) => Number(i % 3 === 0)), 4],
  ])("%s", (_, values, bins) => expect(counts(values)).toHaveLength(bins));

  it("95 % zeros: 3 bins of 50 rows, of which one is empty; of 5 000 rows ten for the positive ones", () => {
    const zeros = (n: number) => normal(n).map((z) => (z < 1.6449 ? 0 : Math.exp(z)));
    expect(counts(zeros(50)).filter((n) => n > 0)).toHaveLength(2);
    expect(counts(zeros(5000)).filter((n) => n > 0)).toHaveLength(11);
  });

  it("Poisson with mean 3: a bin for each value that 20 rows hold", () => {
    const values = poisson(20_000);
    const rows = upTo(16).map((k) => values.filter((value) => value === k).length);
    const alone = rows.filter((n) => n >= 20);
    expect(counts(values)).toEqual(expect.arrayContaining(alone));
    expect(counts(values).filter((n) => n > 0)).toHaveLength(alone.length + Number(rows.some((n) => n > 0 && n < 20)));
  });
});
