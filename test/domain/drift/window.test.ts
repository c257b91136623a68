import { describe, expect, it } from "vitest";
import type { Reference } from "../../../src/domain/drift/drift.ts";
import { closesAt, windowOf } from "../../../src/domain/drift/window.ts";
import {
  addSums,
  histogramOfSum,
  rebinErrorOf,
  rowsOfSum,
  sumOf,
  sumOn,
} from "../../../src/domain/drift/window-sum.ts";
import type { Distribution } from "../../../src/histogram/distribution.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("a window", () => {
  it("is cut from 1970 in UTC, half open", () => {
    expect(windowOf(Date.parse("2026-11-20T10:59:59.999Z"), HOUR)).toEqual({
      start: Date.parse("2026-11-20T10:00:00Z"),
      end: Date.parse("2026-11-20T11:00:00Z"),
    });
    expect(windowOf(Date.parse("2026-11-20T11:00:00Z"), HOUR).start).toBe(Date.parse("2026-11-20T11:00:00Z"));
    expect(windowOf(-1, HOUR)).toEqual({ start: -HOUR, end: 0 });
  });

  it("waits for late reports as long as it is, at most five minutes", () => {
    expect(closesAt({ start: 0, end: MINUTE })).toBe(2 * MINUTE);
    expect(closesAt({ start: 0, end: HOUR })).toBe(HOUR + 5 * MINUTE);
  });
});

describe("a sum", () => {
  const numeric = (edges: number[], counts: number[], nulls = 0): Distribution => ({
    kind: "numeric",
    edges: Float64Array.from(edges),
    counts: Float64Array.from(counts),
    nulls,
  });
  const categorical = (counts: Record<string, number>): Distribution => ({
    kind: "categorical",
    categories: Object.keys(counts),
    counts: Float64Array.from(Object.values(counts)),
    nulls: 0,
  });
  const reference = (reference_id: number, histogram: Distribution): Reference => {
    return { reference_id, version: `v${reference_id}`, histogram };
  };
  const tens = reference(1, numeric([0, 10, 20, 30], [1, 1, 1]));

  it("keeps every re-binned row, and is exactly the same in any order", () => {
    const parts = [
      sumOf(tens, numeric([1, 14, 27], [7, 5], 2))!,
      sumOf(tens, numeric([0, 3, 33], [1, 1]))!,
      sumOf(tens, numeric([0, 10, 20, 30], [1, 2, 3]))!,
    ];
    const [a, b, c] = parts as [(typeof parts)[0], (typeof parts)[0], (typeof parts)[0]];
    const forth = addSums(addSums(a, b), c);
    expect(addSums(c, addSums(b, a))).toEqual(forth);
    expect(rowsOfSum(forth)).toBe(7 + 5 + 2 + 2 + 6);
    expect(rebinErrorOf(forth)).toBeGreaterThan(0);
    expect(rebinErrorOf(c)).toBeNull();
  });

  it("puts categories that the reference has not seen into one that it may have itself", () => {
    const plain = reference(1, categorical({ a: 1, b: 1 }));
    const own = reference(2, categorical({ a: 1, other: 1 }));
    const current = categorical({ a: 5, new: 2, other: 1 });
    expect(histogramOfSum(sumOf(plain, current)!)).toEqual(categorical({ a: 5, b: 0, other: 3 }));
    expect(histogramOfSum(sumOf(own, current)!)).toEqual(categorical({ a: 5, other: 3 }));
  });

  it("moves to a new reference only where no row would be in the wrong place", () => {
    const old = reference(1, categorical({ a: 1, b: 1 }));
    const wider = reference(2, categorical({ a: 1, c: 1 }));
    const sum = sumOf(old, categorical({ a: 5, b: 2 }))!;
    expect(histogramOfSum(sumOn(wider, sum)!)).toEqual(categorical({ a: 5, c: 0, other: 2 }));
    expect(sumOn(wider, sumOf(old, categorical({ a: 5, c: 2 }))!)).toBeNull();
    const promoted = reference(3, categorical({ a: 5, b: 0, other: 2 }));
    expect(histogramOfSum(sumOn(promoted, sumOf(old, categorical({ a: 5, c: 2 }))!)!)).toEqual(promoted.histogram);
    expect(sumOn({ ...tens, reference_id: 4 }, sum)).toBeNull();
  });
});
