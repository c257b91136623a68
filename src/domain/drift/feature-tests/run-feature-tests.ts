import { total } from "../../../histogram/total.ts";
import { atMost } from "../../words/tolerance.ts";
import { type ComparedFeature, SHARE_FLOOR, type SingleShare, STRICT_FLOOR } from "../compare/compared-feature.ts";
import { type CountComparison, compareCounts } from "../stats/compare-counts.ts";
import { permutationP } from "../stats/permutation/permutation-p.ts";
import { psiPValue } from "../stats/psi-p-value.ts";
import { outsideP } from "../stats/shares/outside-p.ts";
import { sharePsi } from "../stats/shares/share-psi.ts";
import { twoSharesP } from "../stats/shares/two-shares-p.ts";

/** What all tests of one feature say, before they are adjusted for the number of features. */
export interface FeatureTests {
  readonly compared: CountComparison;
  /** Of X², by the permutation law; the one to show. */
  readonly p_value: number;
  /** The tests whose effect is past its limit, the first of them `psi` if it is one. */
  readonly effects: readonly TestEffect[];
  /** Of all tests of the feature together. */
  readonly p_feature: number;
  /** The PSI of re-binned counts is past the threshold, that of their kindest placing is not. */
  readonly only_interpolated: boolean;
}

export interface TestEffect {
  readonly test: string;
  /** Adjusted for all tests of the feature. */
  readonly p: number;
  /** Shares of the rows, 0 to 1; of `psi` the PSI and its threshold. */
  readonly before: number;
  readonly now: number;
}

/** A single share matters from this part of the threshold on: 0.04 at the threshold of 0.2. */
const SHARE_PART = 1 / 5;

/**
 * The two rules of a verdict.
 *
 * - the whole: PSI above the threshold, and chance ruled out by both the permutation law of X² and the law of PSI½,
 *   whose far tail stays true where bins hold a row or two
 * - single shares, to which a PSI is deaf: nulls, infinite values, spikes, classes, rows in new names, rows outside the
 *   reference's range; each with the share PSI of 0.04 and a p of its own, times the number of shares looked at
 *
 * p_feature = min(1, 2 · min(p of the whole, p of the rarest share)): two rules, so twice the chance.
 *
 * @returns null when either side has no rows
 */
export function runFeatureTests(feature: ComparedFeature, threshold: number): FeatureTests | null {
  const nReference = total(feature.expected);
  const nCurrent = total(feature.actual);
  if (!(nReference > 0 && nCurrent > 0)) return null;
  const shown = wholeTest(feature.expected, feature.actual, nReference, nCurrent);
  const judged = feature.kindest === null ? shown : wholeTest(feature.expected, feature.kindest, nReference, nCurrent);

  const effects: TestEffect[] = [];
  if (isPast(judged.compared.psi, threshold)) {
    effects.push({ test: "psi", p: twice(judged.cautious_p), before: threshold, now: judged.compared.psi });
  }
  effects.push(...shareEffects(feature, threshold * SHARE_PART, nReference, nCurrent));
  let p_feature = twice(judged.cautious_p);
  for (const { p } of effects) if (p < p_feature) p_feature = p;
  return {
    compared: shown.compared,
    p_value: shown.p_value,
    effects,
    p_feature,
    only_interpolated: isPast(shown.compared.psi, threshold) && !isPast(judged.compared.psi, threshold),
  };
}

function isPast(value: number, limit: number): boolean {
  return !atMost(value, limit);
}

function twice(p: number): number {
  return Math.min(1, 2 * p);
}

function wholeTest(expected: ArrayLike<number>, actual: ArrayLike<number>, nReference: number, nCurrent: number) {
  const compared = compareCounts(expected, actual, nReference, nCurrent);
  const { chi_square, bins, inverse_totals, jeffreys_psi } = compared;
  const p_value = permutationP(chi_square, bins, inverse_totals, nReference, nCurrent);
  return { compared, p_value, cautious_p: Math.max(p_value, psiPValue(jeffreys_psi, bins, nReference, nCurrent)) };
}

/** Most shares are far from their limit: only of those past it the p is worth its time. */
function shareEffects(feature: ComparedFeature, limit: number, nReference: number, nCurrent: number): TestEffect[] {
  const { shares, novelty, outside } = feature;
  const looked = shares.length + (novelty === null ? 0 : 1) + (outside === null ? 0 : 1);
  const effects: TestEffect[] = [];
  const look = (test: string, before: number, now: number, floor: number, p: () => number) => {
    if (isPast(sharePsi(before, now, floor), limit)) {
      effects.push({ test, p: Math.min(1, 2 * looked * p()), before, now });
    }
  };
  for (const share of shares) look(...lookAt(share, nReference, nCurrent));
  if (novelty !== null && novelty.rows > novelty.expected) {
    const [expected, rows] = [novelty.expected / nCurrent, novelty.rows / nCurrent];
    look("novelty", expected, rows, SHARE_FLOOR, () => novelty.p_value);
  }
  if (outside !== null) {
    look("outside", 0, outside.rows / nCurrent, STRICT_FLOOR, () =>
      outsideP(outside.rows, outside.n_reference, outside.n_current),
    );
  }
  return effects;
}

function lookAt({ test, expected, actual, floor }: SingleShare, nReference: number, nCurrent: number) {
  const p = () => twoSharesP(expected, nReference, actual, nCurrent);
  return [test, expected / nReference, actual / nCurrent, floor, p] as const;
}
