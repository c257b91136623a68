import type { CategoricalHistogram } from "../distribution.ts";
import type { BinnableValue } from "../histogram-input.ts";
import { nameOfValue, shortestFloat32 } from "./name-of-value.ts";
import { type Spelling, spellingOf } from "./spelling.ts";
import { isNullText } from "./text-value.ts";

/**
 * Counts of the values by name, in the order in which names first appear. null, undefined, NaN and texts that mean no value
 * ("", blanks, NaN, NULL) are nulls. docs/columns.md has the table.
 *
 * @param known the names of the reference: what it has as a name is one, and its spelling of a value is taken
 */
export function countCategories(values: ArrayLike<BinnableValue>, known: readonly string[] = []): CategoricalHistogram {
  const spelling = spellingOf(known);
  const short = values instanceof Float32Array;
  // By value first, since most are repeated; true and "true" are two keys of a Map.
  const countOf = new Map<BinnableValue, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    countOf.set(value, (countOf.get(value) ?? 0) + 1);
  }
  const named = new Map<string, number>();
  let nulls = 0;
  for (const [value, count] of countOf) {
    const name = nameIn(short ? shortestFloat32(value as number) : value, spelling);
    if (name === null) nulls += count;
    else named.set(name, (named.get(name) ?? 0) + count);
  }
  return { kind: "categorical", categories: [...named.keys()], counts: Float64Array.from(named.values()), nulls };
}

/** null: it stands for no value. */
function nameIn(value: BinnableValue, spelling: Spelling): string | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (typeof value === "string" && !spelling.has(value) && isNullText(value)) return null;
  return spelling.of(nameOfValue(value));
}
