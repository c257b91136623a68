import type { Distribution } from "../../../histogram/distribution.ts";
import { compareCategories } from "./compare-categories.ts";
import { compareNumbers } from "./compare-numbers.ts";
import type { ComparedFeature } from "./compared-feature.ts";

/** Two histograms that fit each other (alignHistograms) on one set of bins. */
export function compareFeature(reference: Distribution, current: Distribution, threshold: number): ComparedFeature {
  if (reference.kind === "categorical" && current.kind === "categorical") {
    return compareCategories(reference, current, threshold);
  }
  if (reference.kind !== "categorical" && current.kind !== "categorical") return compareNumbers(reference, current);
  throw new Error(`a ${reference.kind} reference was compared with a ${current.kind} histogram`);
}
