import { FOLDED_LABEL, NULLS_LABEL } from "../../../histogram/bin-labels.ts";
import type { CategoricalHistogram } from "../../../histogram/distribution.ts";
import { total } from "../../../histogram/total.ts";
import { keptNames } from "../categories/kept-names.ts";
import { type Novelty, noveltyOf } from "../stats/shares/novelty.ts";
import { type ComparedFeature, SHARE_FLOOR, shareOf } from "./compared-feature.ts";

/**
 * Names counted on both sides. Which of them have a bin of their own: keptNames; all others, and what came folded, are
 * one bin that is no name, so that a category which a user calls `other` stays what it is.
 */
export function compareCategories(
  reference: CategoricalHistogram,
  current: CategoricalHistogram,
  threshold: number,
): ComparedFeature {
  const { names, expected, actual } = onAllNames(reference, current);
  const cameFolded = { expected: reference.folded ?? 0, actual: current.folded ?? 0 };
  const nReference = total(expected) + cameFolded.expected + reference.nulls;
  const nCurrent = total(actual) + cameFolded.actual + current.nulls;
  const pooled = expected.map((count, i) => count + actual[i]!);
  const kept = keptNames(pooled, names, nReference, nCurrent, threshold);

  const folded = { ...cameFolded };
  const bins = { expected: [] as number[], actual: [] as number[], labels: [] as string[] };
  const add = (label: string, before: number, now: number) => {
    bins.expected.push(before);
    bins.actual.push(now);
    bins.labels.push(label);
  };
  const known = reference.categories.length;
  const shares = shareOf("nulls", reference.nulls, current.nulls, SHARE_FLOOR);
  const newNames = new Map<string, number>();
  for (let i = 0; i < names.length; i++) {
    if (!kept[i]) {
      folded.expected += expected[i]!;
      folded.actual += actual[i]!;
      continue;
    }
    const name = names[i]!;
    if (i >= known) newNames.set(name, actual[i]!);
    add(name, expected[i]!, actual[i]!);
    shares.push(...shareOf(`class ${name}`, expected[i]!, actual[i]!, SHARE_FLOOR));
  }
  add(FOLDED_LABEL, folded.expected, folded.actual);
  add(NULLS_LABEL, reference.nulls, current.nulls);
  const novelty: Novelty | null =
    cameFolded.expected + cameFolded.actual > 0 ? null : noveltyOf(expected, actual, nReference, nCurrent);
  return {
    ...bins,
    ordered: null,
    shares,
    novelty,
    outside: null,
    kindest: null,
    rebin_error: null,
    new_names: newNames,
  };
}

const indexes = new WeakMap<CategoricalHistogram, ReadonlyMap<string, number>>();

/** The reference's names in its order, then those that only the current side has. */
function onAllNames(reference: CategoricalHistogram, current: CategoricalHistogram) {
  let index = indexes.get(reference);
  if (index === undefined) {
    index = new Map(reference.categories.map((name, i) => [name, i]));
    indexes.set(reference, index);
  }
  const names = [...reference.categories];
  const expected = Array.from(reference.counts);
  const actual = new Array<number>(names.length).fill(0);
  for (let i = 0; i < current.categories.length; i++) {
    const name = current.categories[i]!;
    const at = index.get(name);
    if (at !== undefined) {
      actual[at] = current.counts[i]!;
    } else {
      names.push(name);
      expected.push(0);
      actual.push(current.counts[i]!);
    }
  }
  return { names, expected, actual };
}
