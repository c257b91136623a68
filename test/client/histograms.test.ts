import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { currentHistogram } from "../../src/client/histogram/current-histogram.ts";
import type { ReferenceBins } from "../../src/client/histogram/feature.ts";
import { referenceFrom } from "../../src/client/histogram/reference-from.ts";
import { binValues } from "../../src/histogram/bin-values.ts";
import { quantileEdges } from "../../src/histogram/edges/quantile-edges.ts";
import { uniformEdges } from "../../src/histogram/edges/uniform-edges.ts";
import { histogramVectors, read, type WrittenValue } from "./histogram-vectors.ts";

const FILE = "../vectors/client-histograms.json";

interface Vectors {
  current: { name: string; values: WrittenValue[]; reference: ReferenceBins | null; expected: object }[];
  references: {
    name: string;
    values: WrittenValue[];
    bins?: number;
    method?: "quantile" | "uniform";
    expected: object;
  }[];
}

const vectors = JSON.parse(readFileSync(new URL(FILE, import.meta.url), "utf8")) as Vectors;

/** What JSON makes of it: no undefined, no -0. */
const onTheWire = (value: object): object => JSON.parse(JSON.stringify(value));

describe("the shared vectors", () => {
  it("are what the agent's own statistics make of them", () => {
    expect(vectors).toEqual(onTheWire(histogramVectors()));
  });

  it.each(vectors.current)("$name", ({ values, reference, expected }) => {
    const built = currentHistogram(read(values), reference);
    if ("error" in expected) expect(built.ok).toBe(false);
    else expect(built.ok && onTheWire(built.histogram)).toEqual(expected);
  });

  it.each(vectors.references)("a reference from $name", ({ values, bins, method, expected }) => {
    const options = { ...(bins === undefined ? {} : { bins }), ...(method === undefined ? {} : { method }) };
    expect(onTheWire(referenceFrom(read(values), options))).toEqual(expected);
  });
});

describe("any numbers", () => {
  const numbers = fc.array(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 })), { maxLength: 60 });
  const bins = fc.integer({ min: 1, max: 40 });

  it("make the same reference here and in the agent", () => {
    fc.assert(
      fc.property(numbers, bins, fc.constantFrom("quantile", "uniform"), (values, count, method) => {
        const edges = (method === "quantile" ? quantileEdges : uniformEdges)(values, count);
        const { counts, nulls } = binValues(values, edges);
        const made = referenceFrom(values, { bins: count, method: method as "quantile" });
        // JSON knows no −0, and no comparison of a value with an edge does.
        expect(onTheWire(made)).toMatchObject(onTheWire({ edges: [...edges], counts: [...counts], nulls }));
      }),
      { numRuns: 500 },
    );
  });
});

describe("values of other types", () => {
  const reference: ReferenceBins = { kind: "numeric", edges: [0, 10, 20] };

  it("typed arrays and bigints are numbers", () => {
    const expected = {
      ok: true,
      histogram: { edges: [0, 10, 20], counts: [1, 2], nulls: 0, min: 1, max: 30, distinct: 3 },
    };
    for (const values of [
      [1n, 10n, 30n],
      Int32Array.of(1, 10, 30),
      BigInt64Array.of(1n, 10n, 30n),
      Float32Array.of(1, 10, 30),
    ]) {
      expect(currentHistogram(values, reference)).toMatchObject(expected);
    }
  });

  it("an object is no value, and it is said which one", () => {
    expect(currentHistogram([1, {} as never], reference)).toEqual({
      ok: false,
      problem: "values[1]: an object given; must be a number, a string, a boolean or null",
    });
  });

  it("the list that was given is left as it was", () => {
    const given = Float64Array.of(30, 1, 10);
    currentHistogram(given, null);
    referenceFrom(given, { bins: 2 });
    expect(given).toEqual(Float64Array.of(30, 1, 10));
  });

  it("a reference of no whole number of bins is refused", () => {
    expect(() => referenceFrom([1], { bins: 0 })).toThrow("bins: 0 given; must be a whole number from 1 to 1000");
  });
});
