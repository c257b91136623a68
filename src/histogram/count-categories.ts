import type { CategoricalHistogram } from "./distribution.ts";
import type { BinnableValue } from "./histogram-input.ts";

/**
 * Counts of the values by name, in the order in which names first appear. Numbers and booleans are named as
 * JavaScript writes them (1, 0.5, 1e+21, true); null, undefined and NaN are nulls; the empty string is a category.
 */
export function countCategories(values: ArrayLike<BinnableValue>): CategoricalHistogram {
  const countOf = new Map<string, number>();
  let nulls = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined || Number.isNaN(value)) {
      nulls++;
      continue;
    }
    const name = String(value);
    countOf.set(name, (countOf.get(name) ?? 0) + 1);
  }
  return { kind: "categorical", categories: [...countOf.keys()], counts: Float64Array.from(countOf.values()), nulls };
}
