import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NumericHistogram } from "../../src/histogram/distribution.ts";
import { currentOn } from "../../src/histogram/summary/count-numbers.ts";
import { mergeNumbers, mergeSummaries } from "../../src/histogram/summary/merge-summaries.ts";

const REFERENCE = { edges: [-10, 0, 10], min: -10, max: 10 };
const of = (values: readonly number[]) => currentOn(Float64Array.from(values), REFERENCE);
const near = (value: number | undefined, expected: number | undefined, scale: number) =>
  expect(Math.abs((value ?? 0) - (expected ?? 0))).toBeLessThanOrEqual(1e-9 * scale);

describe("the summaries of two sets of rows", () => {
  it("are that of all rows, however they are parted", () => {
    const number = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e9, 1e9 + 1),
    );
    const rows = fc.array(number, { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), (parts) => {
        const [first, ...others] = parts.map(of);
        const merged = others.reduce<NumericHistogram>(mergeNumbers, first!);
        const whole = of(parts.flat()).summary;
        const scale = Math.max(1, Math.abs(whole.min ?? 0), Math.abs(whole.max ?? 0));
        const { min, max, mean, sd, outside } = merged.summary!;
        expect([...(merged.counts as Float64Array)]).toEqual([...of(parts.flat()).counts]);
        expect({ min, max, outside }).toEqual({ min: whole.min, max: whole.max, outside: whole.outside });
        near(mean, whole.mean, scale);
        near(sd, whole.sd, scale);
        expect(sd === undefined).toBe(whole.sd === undefined);
      }),
      { numRuns: 500 },
    );
  });

  it("say nothing that one of them does not know", () => {
    const known = of([1, 2, 30]);
    const bare: NumericHistogram = { kind: "numeric", edges: REFERENCE.edges, counts: [1, 2], nulls: 0 };
    expect(mergeSummaries(known, bare)).toEqual({});
    const ranged = { ...bare, summary: { min: 1, max: 3, outside: { inf: 0, neg_inf: 0 } } };
    expect(mergeSummaries(known, ranged)).toEqual({ min: 1, max: 30, outside: { inf: 0, neg_inf: 0 } });
    expect(mergeSummaries(known, of([5]))).not.toHaveProperty("quantiles");
  });

  it("keep their digits where both are large and hardly differ", () => {
    const first = of([1e9, 1e9 + 1]);
    const merged = mergeSummaries(first, of([1e9 + 2, 1e9 + 3]));
    expect(merged.mean).toBe(1e9 + 1.5);
    near(merged.sd, Math.sqrt(5 / 3), 1e-3);
  });
});
