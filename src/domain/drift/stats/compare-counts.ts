import { occupiedBins } from "../../../histogram/occupied-bins.ts";
import { homogeneityTerm } from "./chi-square/chi-square-homogeneity.ts";
import { hellingerOf, hellingerTerm } from "./distances/hellinger.ts";
import { jeffreysTerm } from "./distances/jeffreys-psi.ts";
import { jensenShannonOf, jensenShannonTerm } from "./distances/jensen-shannon.ts";
import { psiTerm } from "./distances/psi.ts";

export interface CountComparison {
  readonly psi: number;
  readonly jeffreys_psi: number;
  readonly js_distance: number;
  readonly hellinger: number;
  /** The statistic of chiSquareHomogeneity. */
  readonly chi_square: number;
  /** B: bins with a row on either side. */
  readonly bins: number;
  /** Σ 1 / (r + c) over those bins, for permutationP. */
  readonly inverse_totals: number;
}

/**
 * psi, jeffreysPsi, jensenShannon, hellinger and chiSquareHomogeneity in one pass over the bins, which share their
 * shares: the same numbers to the last digit, in half the time.
 *
 * @param expected counts of the reference, one a bin
 * @param actual counts of the current rows on the same bins
 * @param nExpected total of expected, above 0
 * @param nActual total of actual, above 0
 */
export function compareCounts(
  expected: ArrayLike<number>,
  actual: ArrayLike<number>,
  nExpected: number,
  nActual: number,
): CountComparison {
  const bins = occupiedBins(expected, actual);
  const perExpected = 1 / (nExpected + bins / 2);
  const perActual = 1 / (nActual + bins / 2);
  const weightExpected = Math.sqrt(nActual / nExpected);
  const weightActual = 1 / weightExpected;
  let psi = 0;
  let jeffreys = 0;
  let doubleNats = 0;
  let roots = 0;
  let chiSquare = 0;
  let inverseTotals = 0;
  for (let i = 0; i < expected.length; i++) {
    const r = expected[i]!;
    const c = actual[i]!;
    if (r > 0 || c > 0) {
      const e = r / nExpected;
      const a = c / nActual;
      psi += psiTerm(e, a);
      jeffreys += jeffreysTerm(r, c, perExpected, perActual);
      doubleNats += jensenShannonTerm(e, a);
      roots += hellingerTerm(e, a);
      chiSquare += homogeneityTerm(r, c, weightExpected, weightActual);
      inverseTotals += 1 / (r + c);
    }
  }
  return {
    psi,
    jeffreys_psi: jeffreys,
    js_distance: jensenShannonOf(doubleNats),
    hellinger: hellingerOf(roots),
    chi_square: chiSquare,
    bins,
    inverse_totals: inverseTotals,
  };
}
