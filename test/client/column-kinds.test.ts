import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { currentHistogram } from "../../src/client/histogram/current-histogram.ts";
import type { FeatureKind, FeatureValue, ReferenceBins } from "../../src/client/histogram/feature.ts";
import { referenceFrom } from "../../src/client/histogram/reference-from.ts";

interface Case {
  name: string;
  values: (FeatureValue | { date: string } | { float: string })[];
  kind?: FeatureKind;
  reference: ReferenceBins | null;
  expected: { categories?: object; counts?: number[]; nulls?: number; error?: string };
}

const { columns } = JSON.parse(readFileSync(new URL("../vectors/column-kinds.json", import.meta.url), "utf8")) as {
  columns: Case[];
};

const asGiven = (written: Case["values"][number]): FeatureValue => {
  if (typeof written !== "object" || written === null || written instanceof Date) return written;
  return "date" in written ? new Date(written.date) : Number(written.float);
};

describe("what a column is, and what its values are called", () => {
  it.each(columns)("$name", ({ values, kind, reference, expected }) => {
    const made = currentHistogram(values.map(asGiven), reference, kind);
    if (expected.error !== undefined) expect(made).toMatchObject({ problem: expect.stringContaining(expected.error) });
    else expect(made).toMatchObject({ ok: true, histogram: expected });
    if (made.ok && "categories" in made.histogram) expect(made.histogram.categories).toEqual(expected.categories);
  });

  it("float32 is called by the digits that it has", () => {
    const levels = Float32Array.of(0.1, 0.7, 0.1, 3);
    expect(referenceFrom(levels, { kind: "categorical" })).toEqual({
      categories: { "0.1": 2, "0.7": 1, 3: 1 },
      nulls: 0,
    });
  });

  it("a long whole number keeps all its digits", () => {
    expect(referenceFrom([9007199254740993n], { kind: "categorical" })).toEqual({
      categories: { "9007199254740993": 1 },
      nulls: 0,
    });
  });

  it("a kind that does not exist is refused", () => {
    expect(() => referenceFrom([1], { kind: "ordinal" as never })).toThrow(
      "kind: ordinal given; must be one of categorical, numeric, days",
    );
  });
});
