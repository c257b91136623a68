import type { DriftBody } from "../../contract/reports.ts";

/** Of all features of one report and their inline references. */
export const MOST_CATEGORIES_OF_A_REPORT = 100_000;

/** What is wrong with the number of categories in a report, all features together; null: nothing. */
export function tooManyCategoriesSent(features: DriftBody["features"]): string | null {
  let count = 0;
  for (const name in features) {
    const { categories, reference } = features[name]!;
    if (categories !== undefined) count += Object.keys(categories).length;
    if (reference?.categories !== undefined) count += Object.keys(reference.categories).length;
  }
  if (count <= MOST_CATEGORIES_OF_A_REPORT) return null;
  return `${count} categories given; must be at most ${MOST_CATEGORIES_OF_A_REPORT} in one report, references included: send the features in several`;
}
