import { total } from "../../../histogram/total.ts";

export interface Rebinned {
  /** Counts on the wanted bins; they need not be whole, and their sum is that of the counts given. */
  readonly counts: Float64Array;
  /** Greatest share of the rows, 0 to 1, that may lie on the other side of one of the wanted edges. */
  readonly error_bound: number;
}

/**
 * Counts on edges of their own, brought to other edges by linear interpolation: the rows of a bin are taken to be
 * spread evenly over it, so of the c rows in [lo, hi) the part (x − lo) / (hi − lo) lies below an edge x.
 *
 * Exact where each wanted inner edge is an inner edge of the given ones. Else at most c · max(f, 1 − f) rows lie on
 * the wrong side of an edge that cuts a bin of c rows at the fraction f; the outer bins given are open, so of an edge
 * at or outside their range any row of the outer bin may be on the wrong side. `error_bound` is the greatest of these
 * over the edges, as a share of the rows: a bound of the error of both distribution functions' difference.
 *
 * @param counts B counts
 * @param edges the B + 1 rising finite edges of the counts
 * @param wanted the C + 1 rising finite edges to bring them to; the outer two bind nothing (open bins)
 */
export function rebin(counts: ArrayLike<number>, edges: ArrayLike<number>, wanted: ArrayLike<number>): Rebinned {
  const given = counts.length;
  const bins = wanted.length - 1;
  const rows = total(counts);
  const rebinned = new Float64Array(bins);
  if (!(rows > 0)) return { counts: rebinned, error_bound: 0 };

  let error = 0;
  let before = 0;
  let bin = 0;
  let belowBin = 0;
  for (let j = 1; j < bins; j++) {
    const edge = wanted[j]!;
    while (bin < given && edges[bin + 1]! <= edge) belowBin += counts[bin++]!;
    let below = belowBin;
    if (bin === given) {
      error = Math.max(error, counts[given - 1]!);
    } else if (edge <= edges[0]!) {
      error = Math.max(error, counts[0]!);
    } else {
      const fraction = fractionBelow(edge, edges[bin]!, edges[bin + 1]!);
      below += counts[bin]! * fraction;
      if (fraction > 0) error = Math.max(error, counts[bin]! * Math.max(fraction, 1 - fraction));
    }
    rebinned[j - 1] = Math.max(0, below - before);
    before = below;
  }
  rebinned[bins - 1] = Math.max(0, rows - before);
  return { counts: rebinned, error_bound: error / rows };
}

function fractionBelow(edge: number, low: number, high: number): number {
  const width = high - low;
  return Number.isFinite(width) ? (edge - low) / width : (edge / 2 - low / 2) / (high / 2 - low / 2);
}
