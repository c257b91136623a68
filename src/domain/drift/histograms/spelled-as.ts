import type { CategoricalHistogram } from "../../../histogram/distribution.ts";
import { type Spelling, spellingOf } from "../../../histogram/names/spelling.ts";
import { isNullText } from "../../../histogram/names/text-value.ts";

const spellings = new WeakMap<CategoricalHistogram, Spelling>();

/**
 * Counts by name with the names as the reference has them: `True` is its `true`, `2.0` its `2`. A name that means no value
 * (empty, NULL) is a null, unless the reference has it as a name.
 */
export function spelledAs(reference: CategoricalHistogram, current: CategoricalHistogram): CategoricalHistogram {
  let spelling = spellings.get(reference);
  if (spelling === undefined) {
    spelling = spellingOf(reference.categories);
    spellings.set(reference, spelling);
  }
  if (current.categories.every((name) => spelling.has(name))) return current;
  const countOf = new Map<string, number>();
  let { nulls } = current;
  current.categories.forEach((name, i) => {
    const count = current.counts[i]!;
    if (!spelling.has(name) && isNullText(name)) nulls += count;
    else countOf.set(spelling.of(name), (countOf.get(spelling.of(name)) ?? 0) + count);
  });
  return { ...current, categories: [...countOf.keys()], counts: Float64Array.from(countOf.values()), nulls };
}
