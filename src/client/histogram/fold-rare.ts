import type { CategoricalHistogram } from "../../histogram/distribution.ts";
import type { CategoriesHistogram } from "./feature.ts";

/** More distinct names than this are no feature but a key; it also bounds what is sent. */
const MOST_NAMES = 1000;
/** Characters (code points) of a name that the reference has not. */
const LONGEST_NAME = 200;

/**
 * The counts by name as they are sent. Names that the reference has are all kept, of the others the most frequent ones (the
 * first seen, on a tie) up to 1000 names in all; what is left over, and names of more than 200 characters, adds up in
 * `folded`, which is no name: the agent takes more, and what is sent stays small.
 */
export function foldRare(
  { categories, counts, nulls }: CategoricalHistogram,
  known: Readonly<Record<string, number>> = {},
): CategoriesHistogram {
  const isKnown = (name: string) => Object.hasOwn(known, name);
  const countOf = new Map(categories.map((name, i) => [name, counts[i]!]));
  const unseen = categories.filter((name) => !isKnown(name) && !isLong(name));
  const room = Math.max(0, MOST_NAMES - categories.filter(isKnown).length);
  // Sorting is stable: on a tie the first seen stays in front.
  const frequent = unseen.sort((a, b) => countOf.get(b)! - countOf.get(a)!).slice(0, room);
  const kept = new Set(frequent);
  const named = categories.filter((name) => kept.has(name) || isKnown(name)).map((name) => [name, countOf.get(name)!]);
  let folded = 0;
  for (const [name, count] of countOf) if (!kept.has(name) && !isKnown(name)) folded += count;
  return { categories: Object.fromEntries(named), ...(folded > 0 ? { folded } : {}), nulls };
}

function isLong(name: string): boolean {
  return name.length > LONGEST_NAME && Array.from(name).length > LONGEST_NAME;
}
