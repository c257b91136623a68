import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binValues } from "../../src/histogram/bin-values.ts";
import { quantileEdges } from "../../src/histogram/edges/quantile-edges.ts";
import { uniformEdges } from "../../src/histogram/edges/uniform-edges.ts";

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const times = (n: number, value: number) => new Array<number>(n).fill(value);
const countsOf = (values: (number | null)[], edges: ArrayLike<number>) => [...binValues(values, edges).counts];
/** Counts of the values on their own quantile bins. */
const own = (values: (number | null)[], bins?: number) => countsOf(values, quantileEdges(values, bins));
const { MAX_VALUE, MIN_VALUE, EPSILON } = Number;

function expectRisingAndFinite(edges: ArrayLike<number>): void {
  expect(edges.length).toBeGreaterThanOrEqual(2);
  for (let i = 0; i < edges.length; i++) expect(Number.isFinite(edges[i])).toBe(true);
  for (let i = 1; i < edges.length; i++) expect(edges[i]!).toBeGreaterThan(edges[i - 1]!);
}

describe("quantileEdges", () => {
  it("gives each of ten bins a tenth of the rows", () => {
    expect(own(upTo(900))).toEqual(times(10, 90));
  });

  it("sets a thin bin at either end apart where a percent of the rows is ten or more", () => {
    expect(own(upTo(1000))).toEqual([10, 90, ...times(8, 100), 90, 10]);
    expect(own(upTo(999))).toHaveLength(10);
  });

  it("has a thin bin at either end where a run of equal values reaches past the percent", () => {
    const values = upTo(1200).map((i) => i % 50);
    expect(own(values)[0]).toBe(24);
    expect(own(values).at(-1)).toBe(24);
  });

  it("cuts half way between two neighbouring values, and the outer edges are the outer values", () => {
    expect([...quantileEdges([1, 2, 3, 4])]).toEqual([1, 2.5, 4]);
    expect([...quantileEdges([1, 2, 3])]).toEqual([1, 1.5, 3]);
    expect([...quantileEdges([10, 10, 10, 20, 20])]).toEqual([10, 15, 20]);
  });

  it("has as many bins as ten rows each allow, but two", () => {
    expect([5, 19, 30, 50, 99, 100, 500].map((n) => own(upTo(n)).length)).toEqual([2, 2, 3, 5, 9, 10, 10]);
    expect(own(upTo(50))).toEqual(times(5, 10));
    expect(own(upTo(50), 3)).toEqual([16, 17, 17]);
    expect(own(upTo(900), 1)).toEqual([900]);
  });

  it("passes over null, NaN and infinite values", () => {
    const values = [4, null, 3, Number.NaN, 2, Number.POSITIVE_INFINITY, 1, undefined];
    expect([...quantileEdges(values)]).toEqual([1, 2.5, 4]);
  });

  it("gives a value with more rows than a bin would get a bin of its own", () => {
    const values = [...times(600, 0), ...upTo(400).map((i) => i + 1)];
    const edges = quantileEdges(values);
    // Beyond the range by a millionth of 400; half way to 1.
    expect([...edges].slice(0, 3)).toEqual([-0.0008, -0.0004, 0.5]);
    expect(own(values)).toEqual([0, 600, ...times(10, 40)]);
  });

  it("leaves quantile cuts out that would leave hardly a row beside a spike", () => {
    // Without the spike the quantiles are 100, 200, … rows; it stands behind 203 of them.
    const values = [...upTo(1000), ...times(300, 202.5)];
    const counts = own(values);
    expect(counts).toContain(300);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(10);
  });

  it("counts a discrete feature value by value, and what few rows hold together", () => {
    const levels = [5, 300, 400, 200, 80, 30, 6, 2].flatMap((rows, level) => times(rows, level));
    expect(own(levels)).toEqual([5, 300, 400, 200, 80, 30, 8]);
    expect(own([...times(30, 0), ...times(70, 1)])).toEqual([0, 30, 70, 0]);
    expect(own([...times(999, 0), 1])).toEqual([0, 999, 1]);
  });

  it("has two bins of 50 rows of which 47 are 0, beside an empty one for what falls below", () => {
    expect(own([...times(47, 0), 3, 8, 2])).toEqual([0, 47, 3]);
  });

  it("keeps a constant column between two empty bins", () => {
    for (const value of [5, 0, -0, -3.25, 19.99, 1e300, MIN_VALUE, MAX_VALUE / 2]) {
      for (const rows of [1, 3, 5000]) {
        const edges = quantileEdges(times(rows, value));
        expectRisingAndFinite(edges);
        expect(countsOf(times(rows, value), edges)).toEqual([0, rows, 0]);
        expect(countsOf([Math.fround(value)], edges)).toEqual(
          Number.isFinite(Math.fround(value)) && value !== MIN_VALUE ? [0, 1, 0] : expect.anything(),
        );
      }
    }
    expect(countsOf([4.9, 5, 5.000001, 5.1], quantileEdges([5, 5, 5]))).toEqual([1, 2, 1]);
    for (const value of [MAX_VALUE, -MAX_VALUE]) expectRisingAndFinite(quantileEdges(times(30, value)));
  });

  it("has one bin for everything where there is no finite value", () => {
    expect([...quantileEdges([])]).toEqual([0, 1]);
    expect([...quantileEdges([null, Number.NaN, Number.NEGATIVE_INFINITY])]).toEqual([0, 1]);
  });

  it("takes 0 and −0 for one value", () => {
    const zeros = upTo(40).map((i) => (i % 2 === 0 ? 0 : -0));
    expect(own([...zeros, ...upTo(25).map((i) => i - 30)])).toEqual([12, 13, 40, 0]);
    expect([...quantileEdges([-0, MIN_VALUE])].some((edge) => Object.is(edge, -0))).toBe(false);
  });

  it("rises and is finite up to the greatest numbers there are and down to the smallest", () => {
    for (const values of [
      [-MAX_VALUE, MAX_VALUE, MAX_VALUE, MAX_VALUE, 0],
      [...times(30, -MAX_VALUE), ...times(30, MAX_VALUE)],
      [MAX_VALUE / 2, MAX_VALUE],
      [MIN_VALUE, 2 * MIN_VALUE, 3 * MIN_VALUE],
      [...times(30, -MIN_VALUE), ...times(30, 0), ...times(30, MIN_VALUE)],
      [1, 1 + EPSILON],
      [...times(20, 1), ...times(20, 1 + EPSILON)],
    ]) {
      for (const bins of [1, 4, 10]) expectRisingAndFinite(quantileEdges(values, bins));
    }
    expect(own([...times(30, -MIN_VALUE), ...times(30, 0), ...times(30, MIN_VALUE)])).toEqual([0, 30, 30, 30, 0]);
  });
});

/** Columns of every kind: continuous, heavy with ties, discrete, or all of that, at any magnitude. */
const columns = fc
  .tuple(
    fc.array(fc.oneof(fc.double({ noNaN: true }), fc.double({ noNaN: true, min: -100, max: 100 })), { maxLength: 300 }),
    fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 1, max: 60 })), { maxLength: 30 }),
  )
  .map(([loose, runs]) => [...loose, ...runs.flatMap(([value, rows]) => times(rows, value))])
  .filter((values) => values.length > 0);
const anyBins = fc.integer({ min: 1, max: 40 });

/** Counts of the different finite values. */
function rowsOf(values: readonly number[]): Map<number, number> {
  const rows = new Map<number, number>();
  for (const value of values) if (Number.isFinite(value)) rows.set(value + 0, (rows.get(value + 0) ?? 0) + 1);
  return rows;
}

/** The values with a bin of their own by the rule, said once more. */
function spikesOf(values: readonly number[], bins: number): number[] {
  const rows = rowsOf(values);
  const finite = [...rows.values()].reduce((sum, n) => sum + n, 0);
  return [...rows].filter(([, n]) => n >= 20 && (rows.size <= 20 || n > finite / bins)).map(([value]) => value);
}

describe("any column", () => {
  it("has rising, finite edges, and loses no row", () => {
    fc.assert(
      fc.property(columns, anyBins, (values, bins) => {
        const edges = quantileEdges(values, bins);
        expectRisingAndFinite(edges);
        expect(countsOf(values, edges).reduce((sum, n) => sum + n, 0)).toBe(values.length);
      }),
      { numRuns: 500 },
    );
  });

  it("has each spike alone in its bin", () => {
    fc.assert(
      fc.property(columns, anyBins, (values, bins) => {
        const finite = values.filter(Number.isFinite);
        const edges = quantileEdges(finite, bins);
        const rows = rowsOf(finite);
        const counts = countsOf(finite, edges);
        for (const spike of spikesOf(finite, bins)) {
          const [bin] = [...binValues([spike], edges).counts].flatMap((n, i) => (n === 1 ? [i] : []));
          expect(counts[bin!]).toBe(rows.get(spike));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("has no edge on a value but the outer two, so long as there is a number between neighbours", () => {
    fc.assert(
      fc.property(columns, anyBins, (values, bins) => {
        const present = rowsOf(values);
        const inner = [...quantileEdges(values, bins)].slice(1, -1);
        const next = (edge: number) => Math.max(...[...present.keys()].filter((value) => value < edge));
        for (const edge of inner.filter((one) => present.has(one))) {
          const half = next(edge) / 2 + edge / 2;
          expect(half === edge || half === next(edge)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("counts the same rows in float32 in the same bins, where neighbours are further apart than float32 is off", () => {
    const coarse = fc.array(fc.tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: 1, max: 40 })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(coarse, anyBins, (runs, bins) => {
        // Prices: two digits, of which float32 is off by less than 1e-3.
        const values = runs.flatMap(([cents, rows]) => times(rows, cents / 100));
        const edges = quantileEdges(values, bins);
        expect(countsOf(values.map(Math.fround), edges)).toEqual(countsOf(values, edges));
      }),
      { numRuns: 500 },
    );
  });

  it("of different values has bins of n/b rows, give or take one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 999 }), anyBins, (rows, bins) => {
        const b = Math.min(bins, Math.max(2, Math.floor(rows / 10)));
        const counts = own(
          upTo(rows).map((i) => Math.sin(i) * 10 + i),
          bins,
        );
        expect(counts).toHaveLength(b);
        for (const count of counts) expect(Math.abs(count - rows / b)).toBeLessThan(1);
      }),
      { numRuns: 200 },
    );
  });

  it("has bins of n/b rows, give or take a run of equal values on either side", () => {
    const runs = fc.array(fc.integer({ min: 1, max: 19 }), { minLength: 25, maxLength: 80 });
    fc.assert(
      fc.property(runs, anyBins, (lengths, bins) => {
        const values = lengths.flatMap((rows, i) => times(rows, i * i));
        const b = Math.min(bins, Math.floor(values.length / 10));
        const longest = Math.max(...lengths);
        for (const count of own(values, bins)) {
          // A cut is left out where it would leave less than half a bin.
          expect(count).toBeLessThanOrEqual(1.5 * Math.ceil(values.length / b) + longest);
          expect(count).toBeGreaterThanOrEqual(Math.min(10, Math.floor(values.length / (2 * b))));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("uniformEdges", () => {
  it("are equally far apart from the least to the greatest value", () => {
    expect([...uniformEdges([3, 1, null, 5, Number.POSITIVE_INFINITY], 4)]).toEqual([1, 2, 3, 4, 5]);
  });

  it("treat a constant column and a column without values as quantileEdges do", () => {
    expect(uniformEdges([7, 7])).toEqual(quantileEdges([7, 7]));
    expect([...uniformEdges([null])]).toEqual([0, 1]);
  });

  it("rise and are finite when the range is not, or is a few doubles", () => {
    for (const values of [
      [-MAX_VALUE, MAX_VALUE],
      [1, 1 + EPSILON],
    ]) {
      expectRisingAndFinite(uniformEdges(values));
    }
  });
});
