import gammaln from "@stdlib/math-base-special-gammaln";
import { chiSquareSurvival } from "../chi-square/chi-square-survival.ts";

/**
 * Expected rows of the rarer kind in the smaller sample from which the χ² law is taken. As many: 200 features ask for its
 * tail below 1e-4, where it is 70 times too light at 8 expected rows beside a large sample.
 */
const LEAST_EXPECTED = 1000;

/**
 * Chance that two samples differ this much in a share when they do not: two proportions, pooled, and where few rows
 * are expected Fisher's exact test with the tail doubled.
 *
 * @param inReference rows of the kind among the nReference rows of the reference
 * @param inCurrent rows of the kind among the nCurrent rows
 * @returns two-sided p in [0, 1]; 1 where no row or every row is of the kind on both sides
 */
export function twoSharesP(inReference: number, nReference: number, inCurrent: number, nCurrent: number): number {
  const pooled = (inReference + inCurrent) / (nReference + nCurrent);
  if (!(pooled > 0 && pooled < 1)) return 1;
  if (Math.min(pooled, 1 - pooled) * Math.min(nReference, nCurrent) < LEAST_EXPECTED) {
    return exactP(inReference, nReference, inCurrent, nCurrent);
  }
  const d = inCurrent / nCurrent - inReference / nReference;
  return chiSquareSurvival((d * d) / (pooled * (1 - pooled) * (1 / nReference + 1 / nCurrent)), 1);
}

/** Twice the hypergeometric tail from what was seen away from what was expected. */
function exactP(inReference: number, nReference: number, inCurrent: number, nCurrent: number): number {
  const N = Math.round(nReference);
  const M = Math.round(nCurrent);
  let seen = Math.round(inCurrent);
  let kind = Math.round(inReference) + seen;
  // Of the two tails the upper one is walked: for the lower one the other kind of row is counted.
  if (seen * (N + M) < kind * M) {
    seen = M - seen;
    kind = N + M - kind;
  }
  const most = Math.min(kind, M);
  let term = Math.exp(logChoose(kind, seen) + logChoose(N + M - kind, M - seen) - logChoose(N + M, M));
  let tail = 0;
  for (let x = seen; x <= most && term > tail * 1e-17; x++) {
    tail += term;
    term *= ((kind - x) * (M - x)) / ((x + 1) * (N - kind + x + 1));
  }
  return Math.min(1, 2 * tail);
}

function logChoose(n: number, k: number): number {
  return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);
}
