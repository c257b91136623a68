import type { NumericHistogram } from "../../../histogram/distribution.ts";
import { total } from "../../../histogram/total.ts";

export interface RowsBelow {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Least share of the reference that a bin counts with, as in psi. */
const LEAST_SHARE = 1e-6;

/**
 * Counts on edges of their own, placed on the bins of the reference as kindly as they can be: of all ways to place the
 * rows of bins that a wanted edge cuts, the one with the least PSI. What drifts even so, has drifted whatever the rows
 * of those bins were.
 *
 * Below each wanted edge lie at least the rows of the bins that end there and at most those and the rows of the bin
 * that it cuts. The rows below, drawn over the reference's cumulated share, are then a path between two fences, and the
 * shortest such path (the taut string) has the least of every convex divergence at once, PSI included.
 *
 * Source: P. Davies and A. Kovac, "Local extremes, runs, strings and multiresolution", Ann. Statist. 29 (2001).
 *
 * @param expected B counts of the reference
 * @param wanted its B + 1 rising edges; the outer bins are open
 * @param current its summary's min, max and spikes narrow where rows can lie
 * @returns B counts, not whole in general, with the sum of the current counts
 */
export function leastPsiPlacing(
  expected: ArrayLike<number>,
  wanted: ArrayLike<number>,
  current: NumericHistogram,
): Float64Array {
  const bins = expected.length;
  const { low, high } = rowsBelow(wanted, current);
  const share = new Float64Array(bins + 1);
  const nExpected = total(expected);
  for (let j = 0; j < bins; j++) share[j + 1] = share[j]! + Math.max(expected[j]! / nExpected, LEAST_SHARE);
  const below = tautString(share, low, high);
  return Float64Array.from({ length: bins }, (_, j) => Math.max(0, below[j + 1]! - below[j]!));
}

/** Fewest and most current rows below each wanted edge; none below the first, all below the last. */
export function rowsBelow(wanted: ArrayLike<number>, current: NumericHistogram): RowsBelow {
  const rows = total(current.counts);
  const spans = spansOf(current);
  const bins = wanted.length - 1;
  const low = new Float64Array(bins + 1);
  const high = new Float64Array(bins + 1);
  for (let j = 1; j < bins; j++) {
    const edge = wanted[j]!;
    for (let i = 0; i < current.counts.length; i++) {
      const count = current.counts[i]!;
      const { least, end, greatest } = spans[i]!;
      if (end <= edge || greatest < edge) low[j]! += count;
      if (least < edge) high[j]! += count;
    }
  }
  low[bins] = rows;
  high[bins] = rows;
  return { low, high };
}

/** Where the rows of each bin can lie: least <= value < end, and value <= greatest. */
function spansOf({ edges, counts, summary }: NumericHistogram) {
  const bins = counts.length;
  const { min, max, spikes = [], outside } = summary ?? {};
  const hasLow = (outside?.neg_inf ?? 0) > 0;
  const hasHigh = (outside?.inf ?? 0) > 0;
  return Array.from({ length: bins }, (_, i) => {
    let least = i === 0 ? Number.NEGATIVE_INFINITY : edges[i]!;
    const end = i === bins - 1 ? Number.POSITIVE_INFINITY : edges[i + 1]!;
    let greatest = Number.POSITIVE_INFINITY;
    if (min !== undefined && !hasLow) least = Math.max(least, min);
    if (max !== undefined && !hasHigh) greatest = max;
    const infinite = (i === 0 && hasLow) || (i === bins - 1 && hasHigh);
    const spike = infinite ? undefined : spikes.find((value) => value >= least && value < end);
    return spike === undefined ? { least, end, greatest } : { least: spike, end, greatest: spike };
  });
}

/**
 * The shortest path from (x[0], low[0]) to the last point that keeps between the fences at each x.
 *
 * @param x rising
 * @param low fence below, with the same ends as `high`
 */
function tautString(x: Float64Array, low: Float64Array, high: Float64Array): Float64Array {
  const last = x.length - 1;
  const path = new Float64Array(x.length);
  let from = 0;
  path[0] = low[0]!;
  while (from < last) {
    const { to, y } = nextBend(x, low, high, from, path[from]!);
    for (let j = from + 1; j <= to; j++) {
      path[j] = path[from]! + ((y - path[from]!) * (x[j]! - x[from]!)) / (x[to]! - x[from]!);
    }
    path[to] = y;
    from = to;
  }
  return path;
}

/** Seen from a point of the path, the funnel between the fences narrows until one of them bends the path. */
function nextBend(x: Float64Array, low: Float64Array, high: Float64Array, from: number, y: number) {
  let steepest = Number.POSITIVE_INFINITY;
  let flattest = Number.NEGATIVE_INFINITY;
  let atHigh = from + 1;
  let atLow = from + 1;
  for (let j = from + 1; j < x.length; j++) {
    const toLow = (low[j]! - y) / (x[j]! - x[from]!);
    const toHigh = (high[j]! - y) / (x[j]! - x[from]!);
    if (toLow > steepest) return { to: atHigh, y: high[atHigh]! };
    if (toHigh < flattest) return { to: atLow, y: low[atLow]! };
    if (toLow >= flattest) {
      flattest = toLow;
      atLow = j;
    }
    if (toHigh <= steepest) {
      steepest = toHigh;
      atHigh = j;
    }
  }
  return { to: x.length - 1, y: low[x.length - 1]! };
}
