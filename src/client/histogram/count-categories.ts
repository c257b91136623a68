import type { CategoriesHistogram, FeatureValues } from "./feature.ts";

/** More distinct names than this are no feature but a key; it also bounds what is sent. */
export const MOST_CATEGORIES = 1000;
/** Characters (code points) of a name that the reference has not. */
const LONGEST_NAME = 200;
const OTHER = "other";

/**
 * Counts of the values by name. Numbers and booleans are named as JavaScript writes them (1, 0.5, 1e+21, true); null,
 * undefined and NaN are nulls; the empty string is a category.
 *
 * Names that the reference has are all kept, of the others the most frequent ones (the first seen, on a tie) up to
 * 1000 names in all; what is left over, and names of more than 200 characters, adds up in "other".
 */
export function countCategories(
  values: FeatureValues,
  known: Readonly<Record<string, number>> = {},
): CategoriesHistogram {
  const countOf = new Map<string, number>();
  let nulls = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined || Number.isNaN(value)) nulls++;
    else {
      const name = String(value);
      countOf.set(name, (countOf.get(name) ?? 0) + 1);
    }
  }
  return { categories: Object.fromEntries(foldRare(countOf, known)), nulls };
}

function foldRare(countOf: Map<string, number>, known: Readonly<Record<string, number>>): Map<string, number> {
  const isKnown = (name: string) => Object.hasOwn(known, name);
  const names = [...countOf.keys()];
  const unseen = names.filter((name) => !isKnown(name) && !isLong(name));
  const room = Math.max(0, MOST_CATEGORIES - names.filter(isKnown).length);
  // Sorting is stable: on a tie the first seen stays in front.
  const frequent = unseen.sort((a, b) => countOf.get(b)! - countOf.get(a)!).slice(0, room);
  const kept = new Set(frequent);
  const folded = new Map<string, number>();
  for (const [name, count] of countOf) {
    const under = kept.has(name) || isKnown(name) ? name : OTHER;
    folded.set(under, (folded.get(under) ?? 0) + count);
  }
  return folded;
}

function isLong(name: string): boolean {
  return name.length > LONGEST_NAME && Array.from(name).length > LONGEST_NAME;
}
