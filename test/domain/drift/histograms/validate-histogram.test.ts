import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { currentHistogram } from "../../../../src/domain/drift/histograms/current-histogram.ts";
import { referenceHistogram } from "../../../../src/domain/drift/histograms/reference-histogram.ts";
import {
  validateDriftSettings,
  validateHistogram,
} from "../../../../src/domain/drift/histograms/validate-histogram.ts";
import type { HistogramInput } from "../../../../src/histogram/histogram-input.ts";

const pathsOf = (input: unknown) => validateHistogram(input as HistogramInput).map(({ path }) => path);

describe("validateHistogram", () => {
  it("finds nothing wrong with each of the four forms", () => {
    expect(pathsOf({ counts: [0, 1, 2] })).toEqual([]);
    expect(pathsOf({ edges: [0, 1, 2], counts: [3, 4], nulls: 5 })).toEqual([]);
    expect(pathsOf({ values: [1, null, 2.5], bins: 20, method: "uniform" })).toEqual([]);
    expect(pathsOf({ values: ["a", null, "b"] })).toEqual([]);
    expect(pathsOf({ categories: { a: 1, b: 0 }, nulls: 0 })).toEqual([]);
  });

  it("asks for exactly one form", () => {
    expect(validateHistogram({})).toEqual([
      { path: "", message: "exactly one of counts, values and categories is needed; none was given" },
    ]);
    expect(validateHistogram({ counts: [1], values: [1] })[0]!.message).toMatch(/counts and values were given/);
  });

  it("names each count that is negative, not whole, not a number or past 2^53", () => {
    expect(pathsOf({ counts: [1, -1, 0.5, Number.NaN, 1e18, "3", null] })).toEqual([
      "/counts/1",
      "/counts/2",
      "/counts/3",
      "/counts/4",
      "/counts/5",
      "/counts/6",
    ]);
    expect(validateHistogram({ counts: [1e18] })).toEqual([
      {
        path: "/counts/0",
        message: "a count is an integer from 0 to 9007199254740991; 1000000000000000000 was given",
      },
    ]);
    expect(pathsOf({ categories: { "a/b~": -1 }, nulls: 1.5 })).toEqual(["/categories/a~1b~0", "/nulls"]);
  });

  it("names edges that do not rise or are not finite", () => {
    expect(pathsOf({ edges: [0, 2, 2, 1], counts: [1, 1, 1] })).toEqual(["/edges/2", "/edges/3"]);
    expect(pathsOf({ edges: [0, Number.POSITIVE_INFINITY], counts: [1] })).toEqual(["/edges/1"]);
  });

  it("says how many edges the counts need", () => {
    expect(validateHistogram({ edges: [0, 1], counts: [1, 2] })).toEqual([
      { path: "/edges", message: "2 counts need 3 edges; 2 were given" },
    ]);
    expect(pathsOf({ edges: [0, 1] })).toEqual(["", "/edges"]);
  });

  it("refuses an empty list of counts", () => {
    expect(pathsOf({ counts: [] })).toEqual(["/counts"]);
  });

  it("refuses values of several kinds, and objects", () => {
    expect(validateHistogram({ values: [1, "a"] })).toEqual([
      { path: "/values/1", message: 'the values before are of type number; "a" was given' },
    ]);
    expect(pathsOf({ values: [1, {}] })).toEqual(["/values/1"]);
  });

  it("does not list more than ten errors of a list", () => {
    expect(validateHistogram({ counts: new Array(1000).fill(-1) })).toHaveLength(10);
  });

  it("keeps bins and method to numeric values", () => {
    expect(pathsOf({ values: [1], bins: 0 })).toEqual(["/bins"]);
    expect(pathsOf({ values: [1], bins: 1001, method: "median" })).toEqual(["/bins", "/method"]);
    expect(pathsOf({ counts: [1], bins: 10 })).toEqual(["/bins"]);
    expect(pathsOf({ values: ["a"], method: "uniform" })).toEqual(["/method"]);
  });

  it("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            counts: fc.anything(),
            edges: fc.anything(),
            values: fc.anything(),
            categories: fc.anything(),
            nulls: fc.anything(),
            bins: fc.anything(),
            method: fc.anything(),
          },
          { requiredKeys: [] },
        ),
        (input) => {
          const errors = validateHistogram(input as HistogramInput);
          expect(errors.every(({ path, message }) => path !== undefined && message.length > 0)).toBe(true);
          const reference = referenceHistogram(input as HistogramInput);
          expect(reference.ok).toBe(errors.length === 0);
        },
      ),
    );
  });
});

describe("validateDriftSettings", () => {
  it("wants alpha between 0 and 1 and threshold above 0", () => {
    expect(validateDriftSettings({})).toEqual([]);
    expect(validateDriftSettings({ alpha: 0.05, threshold: 0.1 })).toEqual([]);
    expect(validateDriftSettings({ alpha: 1, threshold: 0 }).map(({ path }) => path)).toEqual(["/alpha", "/threshold"]);
    expect(validateDriftSettings({ alpha: Number.NaN, threshold: Number.POSITIVE_INFINITY })).toHaveLength(2);
  });
});

describe("referenceHistogram", () => {
  it("makes ten quantile bins of values unless asked otherwise", () => {
    const values = Array.from({ length: 100 }, (_, i) => i);
    expect(referenceHistogram({ values })).toMatchObject({
      ok: true,
      value: { counts: new Float64Array(10).fill(10) },
    });
    expect(referenceHistogram({ values, bins: 4, method: "uniform" })).toMatchObject({
      value: { edges: Float64Array.of(0, 24.75, 49.5, 74.25, 99) },
    });
  });

  it("adds the nulls given to those among the values", () => {
    expect(referenceHistogram({ values: [1, null], nulls: 3 })).toMatchObject({ value: { nulls: 4 } });
    expect(referenceHistogram({ values: ["a", null], nulls: 3 })).toMatchObject({ value: { nulls: 4 } });
  });

  it("keeps counts without edges as bins known by position", () => {
    expect(referenceHistogram({ counts: [1, 2] })).toMatchObject({ value: { kind: "positional" } });
  });
});

describe("currentHistogram", () => {
  const reference = (input: HistogramInput) => {
    const outcome = referenceHistogram(input);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
    return outcome.value;
  };
  const onEdges = reference({ edges: [0, 10, 20], counts: [5, 5] });
  const named = reference({ categories: { "1": 5, b: 5 } });

  it("bins values on the edges of the reference", () => {
    expect(currentHistogram({ values: [1, 11, 12, null] }, onEdges)).toMatchObject({
      ok: true,
      value: { kind: "numeric", edges: Float64Array.of(0, 10, 20), counts: Float64Array.of(1, 2), nulls: 1 },
    });
  });

  it("gives counts alone the edges of the reference, so that they can become one", () => {
    expect(currentHistogram({ counts: [3, 4] }, onEdges)).toMatchObject({
      value: { kind: "numeric", edges: Float64Array.of(0, 10, 20) },
    });
  });

  it("keeps counts on edges of their own as they were sent", () => {
    expect(currentHistogram({ edges: [0, 5, 20], counts: [3, 4] }, onEdges)).toMatchObject({
      value: { edges: Float64Array.of(0, 5, 20), counts: Float64Array.of(3, 4) },
    });
  });

  it("counts any values as categories where the reference does", () => {
    expect(currentHistogram({ values: [1, 1, null] }, named)).toMatchObject({
      value: { kind: "categorical", categories: ["1"], nulls: 1 },
    });
  });

  it("says invalid for what is wrong in itself and reference_mismatch for what does not fit", () => {
    expect(currentHistogram({ counts: [-1] }, onEdges)).toMatchObject({ ok: false, code: "invalid" });
    expect(currentHistogram({ values: [1], bins: 5 }, onEdges)).toMatchObject({
      code: "invalid",
      errors: [{ path: "/bins" }],
    });
    for (const [input, against] of [
      [{ counts: [1, 2, 3] }, onEdges],
      [{ values: ["a"] }, onEdges],
      [{ categories: { a: 1 } }, onEdges],
      [{ counts: [1, 2] }, named],
      [{ values: [1] }, reference({ counts: [1, 2] })],
      [{ edges: [0, 1, 2], counts: [1, 2] }, reference({ counts: [1, 2] })],
    ] as const) {
      expect(currentHistogram(input, against)).toMatchObject({ ok: false, code: "reference_mismatch" });
    }
  });
});
