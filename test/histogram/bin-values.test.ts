import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binValues } from "../../src/histogram/bin-values.ts";
import { quantileEdges } from "../../src/histogram/edges/quantile-edges.ts";
import { countCategories } from "../../src/histogram/names/count-categories.ts";

/** The definition, one value at a time. */
function slowly(values: ArrayLike<number>, edges: ArrayLike<number>): { counts: number[]; nulls: number } {
  const bins = edges.length - 1;
  const counts = new Array<number>(bins).fill(0);
  let nulls = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) {
      nulls++;
      continue;
    }
    let bin = 0;
    while (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin]!++;
  }
  return { counts, nulls };
}

function counted(values: ArrayLike<number | null | undefined>, edges: ArrayLike<number>) {
  const { counts, nulls } = binValues(values, edges);
  return { counts: [...counts], nulls };
}

describe("binValues", () => {
  it("puts a value on an edge into the bin above it, and opens the outer bins", () => {
    const values = [-1e9, 0, 9.99, 10, 19.99, 20, 30, 1e9];
    expect(counted(values, [0, 10, 20, 30])).toEqual({ counts: [3, 2, 3], nulls: 0 });
  });

  it("puts the infinite into the outer bins and counts null, undefined and NaN apart", () => {
    const values = [Number.NEGATIVE_INFINITY, null, 5, Number.NaN, undefined, Number.POSITIVE_INFINITY];
    expect(counted(values, [0, 2, 4])).toEqual({ counts: [1, 2], nulls: 3 });
  });

  it("has one bin take everything but nulls", () => {
    expect(counted([1, -1, null, Number.POSITIVE_INFINITY], [0, 1])).toEqual({ counts: [3], nulls: 1 });
  });

  const edgesArbitrary = fc
    .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 40 })
    .map((edges) => Float64Array.from(edges.map((edge) => edge + 0)).sort())
    .filter((edges) => edges.every((edge, i) => i === 0 || edge > edges[i - 1]!));

  it("agrees with the definition for any values and any edges", () => {
    fc.assert(
      fc.property(edgesArbitrary, fc.array(fc.double(), { maxLength: 200 }), (edges, values) => {
        const all = Float64Array.from([...values, ...edges]);
        expect(counted(all, edges)).toEqual(slowly(all, edges));
      }),
    );
  });

  it("agrees with the definition for long columns, where the table does the work", () => {
    const shapes: [string, (i: number) => number][] = [
      ["level", (i) => ((i * 2654435761) % 1000003) / 1000003],
      ["skewed over many magnitudes", (i) => Math.exp((((i * 2654435761) % 1000003) / 1000003 - 0.5) * 60)],
      ["whole numbers", (i) => (i * 2654435761) % 37],
    ];
    for (const [shape, value] of shapes) {
      const values = Float64Array.from({ length: 40_000 }, (_, i) => value(i));
      values[17] = Number.NaN;
      values[18] = Number.POSITIVE_INFINITY;
      values[19] = Number.NEGATIVE_INFINITY;
      values[20] = -0;
      for (const bins of [1, 2, 10, 50, 300]) {
        const edges = quantileEdges(values, bins);
        const onEdges = Float64Array.from([...values, ...edges]);
        expect(counted(onEdges, edges), `${shape}, ${bins} bins`).toEqual(slowly(onEdges, edges));
      }
    }
  });

  it("agrees with the definition where edges lie next to each other or span all numbers", () => {
    const values = Float64Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? i : 1e308 - i * 1e300));
    for (const edges of [
      [0, 1, 1 + Number.EPSILON, 2],
      [-Number.MAX_VALUE, -1e308, 1e308, Number.MAX_VALUE],
      [0, 5e-324, 1e-323, 1],
    ]) {
      expect(counted(values, edges)).toEqual(slowly(values, edges));
    }
  });

  it("bins ten million values", () => {
    const values = new Float64Array(10_000_000);
    for (let i = 0; i < values.length; i++) values[i] = i % 1000;
    const { counts, nulls } = binValues(values, [0, 100, 500, 1000]);
    expect([...counts]).toEqual([1_000_000, 4_000_000, 5_000_000]);
    expect(nulls).toBe(0);
  });
});

describe("countCategories", () => {
  it("counts by name in order of appearance, nulls apart", () => {
    expect(countCategories(["b", "a", "b", null, "", undefined, "b"])).toEqual({
      kind: "categorical",
      categories: ["b", "a"],
      counts: Float64Array.of(3, 1),
      nulls: 3,
    });
  });

  it("names numbers and booleans as JSON keys are named", () => {
    const { categories, nulls } = countCategories([1, 2.5, true, Number.NaN]);
    expect(categories).toEqual(["1", "2.5", "true"]);
    expect(nulls).toBe(1);
  });

  it("is not confused by names that objects have of their own", () => {
    expect(countCategories(["__proto__", "constructor", "__proto__"]).counts).toEqual(Float64Array.of(2, 1));
  });
});
