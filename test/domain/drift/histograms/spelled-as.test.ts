import { describe, expect, it } from "vitest";
import { currentHistogram } from "../../../../src/domain/drift/histograms/current-histogram.ts";
import { referenceHistogram } from "../../../../src/domain/drift/histograms/reference-histogram.ts";
import type { HistogramInput } from "../../../../src/histogram/histogram-input.ts";

function onReference(reference: HistogramInput, current: HistogramInput): unknown {
  const stored = referenceHistogram(reference);
  if (!stored.ok) throw new Error(stored.errors[0]!.message);
  const made = currentHistogram(current, stored.value);
  if (!made.ok) return made.errors[0]!.message;
  const { kind, counts, nulls } = made.value;
  const names = made.value.kind === "categorical" ? { categories: made.value.categories } : {};
  return { kind, ...names, counts: Array.from(counts), nulls };
}

describe("counts by name", () => {
  const booleans = { categories: { true: 5, false: 5 } };

  it("have the names that the reference has", () => {
    expect(onReference(booleans, { categories: { True: 2, FALSE: 1, true: 1 } })).toEqual({
      kind: "categorical",
      categories: ["true", "false"],
      counts: [3, 1],
      nulls: 0,
    });
    expect(onReference({ categories: { "2.0": 1, "3.0": 1 } }, { categories: { 2: 4, 5: 1 } })).toMatchObject({
      categories: ["2.0", "5"],
      counts: [4, 1],
    });
  });

  it("of no value are nulls, unless the reference has them as a name", () => {
    expect(onReference(booleans, { categories: { true: 1, "": 2, NULL: 3 }, nulls: 1 })).toMatchObject({
      categories: ["true"],
      nulls: 6,
    });
    expect(onReference({ categories: { a: 1, "": 1 } }, { categories: { "": 2 } })).toMatchObject({
      categories: [""],
      nulls: 0,
    });
  });
});

describe("values", () => {
  const numbers = { edges: [0, 10, 20], counts: [1, 1] };

  it("that are texts of digits are numbers to a numeric reference, and what is none is named", () => {
    expect(onReference(numbers, { values: ["5", "15.0", "", null] })).toMatchObject({ counts: [1, 1], nulls: 2 });
    expect(onReference(numbers, { values: ["5", "old"] })).toBe(
      'the reference is numeric, "old" is not a number: send numbers',
    );
  });

  it("that are true and false are 1 and 0 to a reference between those", () => {
    const between = { edges: [0, 0.5, 1], counts: [1, 1] };
    expect(onReference(between, { values: [true, false, true] })).toMatchObject({ counts: [1, 2] });
    expect(onReference(numbers, { values: [true] })).toContain("true is not a number");
  });

  it("of a reference are what its kind says", () => {
    const kindOf = (input: HistogramInput) => {
      const made = referenceHistogram(input);
      return made.ok ? made.value.kind : made.errors[0];
    };
    expect(kindOf({ values: ["1", "2"], kind: "numeric" })).toBe("numeric");
    expect(kindOf({ values: [1, 2], kind: "categorical" })).toBe("categorical");
    expect(kindOf({ values: ["1", "two"], kind: "numeric" })).toMatchObject({ path: "/values/1" });
  });
});
