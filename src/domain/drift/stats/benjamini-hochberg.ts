/**
 * p-values adjusted for being m at once: calling the features with adjusted p < alpha drifted makes at most alpha of
 * the calls false on average, and, when nothing drifted, any call at all with probability at most alpha:
 *
 *     adjusted p of rank i = min over j >= i of p(j) · m / j, at most 1
 *
 * Exact for independent features and for positively dependent ones (which features mostly are).
 *
 * Source: Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", J. R. Stat. Soc. B 57 (1995).
 *
 * @param pValues m raw p-values, in any order
 * @returns m adjusted p-values, in the order given; a single one is unchanged
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  const m = pValues.length;
  const ascending = Float64Array.from(pValues).sort();
  const adjustedAt = new Float64Array(m);
  let least = 1;
  for (let rank = m; rank >= 1; rank--) {
    least = Math.min(least, (ascending[rank - 1]! * m) / rank);
    adjustedAt[rank - 1] = least;
  }
  // Equal p-values have equal adjusted ones, so the first place where a value stands will do. Sorting numbers and
  // searching them, without a branch to mispredict, is several times faster than sorting indices by a comparator.
  const adjusted = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const p = pValues[i]!;
    let place = 0;
    for (let left = m; left > 1; ) {
      const half = left >>> 1;
      place += half * Number(ascending[place + half - 1]! < p);
      left -= half;
    }
    adjusted[i] = adjustedAt[place]!;
  }
  return adjusted;
}
