import type { HistogramInput } from "../../../histogram/histogram-input.ts";
import { roundCounts } from "./round-counts.ts";

/** Categories as they are sent to us. A category listed twice is added up; estimated counts become whole (roundCounts). */
export function categoriesOf(
  listed: readonly (readonly [name: string, count: number])[],
  nulls: number,
): HistogramInput {
  const countOf = new Map<string, number>();
  for (const [name, count] of listed) countOf.set(name, (countOf.get(name) ?? 0) + count);
  const counts = roundCounts([...countOf.values()]);
  return { categories: Object.fromEntries([...countOf.keys()].map((name, i) => [name, counts[i]!])), nulls };
}
