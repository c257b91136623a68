import fc from "fast-check";
import { expect, test } from "vitest";
import { keptNames } from "../../../../src/domain/drift/categories/kept-names.ts";

const zipf = (names: number, rows: number) => {
  const weights = Array.from({ length: names }, (_, i) => 1 / (i + 1));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => Math.round((2 * rows * weight) / sum));
};
const named = (count: number) => Array.from({ length: count }, (_, i) => `name ${String(i).padStart(5, "0")}`);
const count = (kept: readonly boolean[]) => kept.filter(Boolean).length;

test("up to ten names nothing is folded, however rare", () => {
  expect(count(keptNames(new Array(10).fill(1), named(10), 5, 5, 0.2))).toBe(10);
});

test("a long tail keeps as many names as keep the noise at a quarter of the threshold", () => {
  // k = 500, so 1 + 500 · 0.05 = 26.
  expect(count(keptNames(zipf(500, 1000), named(500), 1000, 1000, 0.2))).toBe(26);
  expect(count(keptNames(zipf(500, 1000), named(500), 1000, 50, 0.2))).toBe(10);
});

test("a name that the smaller side cannot be expected to hold five rows of is folded", () => {
  const pooled = [...new Array(12).fill(1000), 9, 11];
  const kept = keptNames(pooled, named(14), 6000, 6020, 0.2);
  expect(kept.slice(12)).toEqual([false, true]);
});

test("the most frequent are kept, whatever the order in which they come", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 11, maxLength: 60 }), (pooled) => {
      const rows = pooled.reduce((sum, one) => sum + one, 0) / 2;
      const names = named(pooled.length);
      const kept = keptNames(pooled, names, rows, rows, 0.2);
      const backwards = keptNames([...pooled].reverse(), [...names].reverse(), rows, rows, 0.2);
      expect([...backwards].reverse()).toEqual(kept);
      const least = Math.min(...pooled.filter((_, i) => kept[i]));
      const most = Math.max(0, ...pooled.filter((_, i) => !kept[i]));
      expect(least).toBeGreaterThanOrEqual(most);
    }),
  );
});
