/** Below this a name's chance of being new is left out: it adds less than a row. */
const LEAST_CHANCE = 1e-12;

export interface Novelty {
  /** Current rows in names that the reference never had. */
  readonly rows: number;
  /** Rows that would be in such names by chance. */
  readonly expected: number;
  /** Bound of the chance of this many or more. */
  readonly p_value: number;
}

/**
 * How unlikely this many rows in new names are when both sides are drawn from one long tail. A name of t pooled rows
 * is in the current rows alone with chance P = Π i<t (M − i) / (N + M − i); Bernstein's bound of the sum,
 *
 *     p = exp( −d² / (2 (V + τ d / 3)) ),   d = U − Σ t P − ½,   V = Σ t² P (1 − P)
 *
 * τ the largest count of a name that is new. The normal tail instead made 2.8 % false alarms of one rare class that
 * the reference missed by chance.
 *
 * Source: S. Bernstein's inequality, as in Boucheron, Lugosi, Massart, Concentration Inequalities (2013), 2.8.
 *
 * @param reference counts of the reference by name, nulls left out, 0 for a name that it never had
 * @param current counts of the current rows on the same names
 * @param nReference N, all rows of the reference
 * @param nCurrent M
 */
export function noveltyOf(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  nReference: number,
  nCurrent: number,
): Novelty {
  let rows = 0;
  let largest = 0;
  let expected = 0;
  let variance = 0;
  const chances = new Map<number, number>();
  for (let i = 0; i < reference.length; i++) {
    const t = reference[i]! + current[i]!;
    if (!(t > 0)) continue;
    if (!(reference[i]! > 0)) {
      rows += t;
      largest = Math.max(largest, t);
    }
    let chance = chances.get(t);
    if (chance === undefined) {
      chance = chanceOfNew(t, nReference, nCurrent);
      chances.set(t, chance);
    }
    expected += t * chance;
    variance += t * t * chance * (1 - chance);
  }
  const d = rows - expected - 0.5;
  const p_value = d > 0 ? Math.exp((-d * d) / (2 * (variance + (largest * d) / 3))) : 1;
  return { rows, expected, p_value };
}

/** All t rows of a name are among the current ones. */
function chanceOfNew(t: number, nReference: number, nCurrent: number): number {
  let chance = 1;
  for (let i = 0; i < t && chance > LEAST_CHANCE; i++) chance *= (nCurrent - i) / (nReference + nCurrent - i);
  return chance > LEAST_CHANCE ? chance : 0;
}
