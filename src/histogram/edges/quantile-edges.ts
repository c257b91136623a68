import { cleanValues, type NumericValue } from "../clean-values.ts";
import { constantEdges } from "./constant-edges.ts";
import { risingEdges } from "./rising-edges.ts";
import { valueMargin } from "./value-margin.ts";

/**
 * Edges that give each bin the same number of the reference's rows: the quantiles i/B, i = 0 … B, each an order
 * statistic or between two neighbouring ones. An outlier moves no edge but the outermost, which binds nothing
 * (outer bins are open), and every bin has enough rows for the χ² law: edges chosen from the data keep it calibrated.
 *
 * A value that holds so many rows that two or more quantiles fall on it becomes one bin of its own, with edges half
 * way to its neighbours: merging the equal edges only would pour a spike at 0 and what lies above it into one bin.
 * So there are at most B + 2 bins and, with few distinct values, about one bin a value.
 *
 * Source: linear interpolation at (n − 1)·p, R's type 7 (Hyndman and Fan 1996). Not by simple-statistics: the
 * package of the client would carry its single file along; a test holds both to the same numbers.
 *
 * @param values numbers; null, NaN and ±Infinity are passed over (binned, the infinite fall into the outer bins)
 * @param bins B, 1 or more
 * @returns rising finite edges, the first the least and the last the greatest value (or just beyond, where that
 *   value has a bin of its own); constantEdges for a constant column; [0, 1], one bin that takes all, where there is no
 *   finite value
 */
export function quantileEdges(values: ArrayLike<NumericValue>, bins = 10): Float64Array {
  const sorted = sortedFinite(values);
  const n = sorted.length;
  if (n === 0) return Float64Array.of(0, 1);
  const least = sorted[0]!;
  const greatest = sorted[n - 1]!;
  if (least === greatest) return constantEdges(least);

  const inner: number[] = [];
  for (let i = 0; i <= bins; ) {
    const value = quantileAt(sorted, i, bins);
    let next = i + 1;
    while (next <= bins && quantileAt(sorted, next, bins) === value) next++;
    if (next - i > 1) inner.push(edgeBelow(sorted, value), edgeAbove(sorted, value));
    else if (i > 0 && i < bins) inner.push(value);
    i = next;
  }
  if (inner.length === 0) return Float64Array.of(least, greatest);
  const first = inner[0]!;
  const last = inner[inner.length - 1]!;
  return risingEdges([
    least < first ? least : first - valueMargin(first),
    ...inner,
    greatest > last ? greatest : last + valueMargin(last),
  ]);
}

function quantileAt(sorted: Float64Array, i: number, bins: number): number {
  if (i === 0) return sorted[0]!;
  if (i === bins) return sorted[sorted.length - 1]!;
  const position = (sorted.length - 1) * (i / bins);
  const below = Math.floor(position);
  const fraction = position - below;
  if (fraction === 0) return sorted[position]!;
  const value = sorted[below]! + fraction * (sorted[below + 1]! - sorted[below]!);
  // The distance of two numbers near the greatest there is overflows.
  return Number.isFinite(value) ? value : sorted[Math.floor((sorted.length * i) / bins)]!;
}

/** Half way from the next lower value to `value`; where there is none, just below it. */
function edgeBelow(sorted: Float64Array, value: number): number {
  const index = countBelow(sorted, (other) => other < value);
  if (index === 0) return value - valueMargin(value);
  const lower = sorted[index - 1]!;
  const middle = lower / 2 + value / 2;
  return middle > lower && middle <= value ? middle : value;
}

/** Half way from `value` to the next greater one; where there is none, just above it. */
function edgeAbove(sorted: Float64Array, value: number): number {
  const index = countBelow(sorted, (other) => other <= value);
  if (index === sorted.length) return value + valueMargin(value);
  const upper = sorted[index]!;
  const middle = value / 2 + upper / 2;
  return middle > value && middle <= upper ? middle : upper;
}

/** How many of the sorted values satisfy a condition that holds for a leading run of them. */
function countBelow(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The finite values in rising order, as a copy. NaN, null and ±Infinity are left out: no edge can lie on them. */
function sortedFinite(values: ArrayLike<NumericValue>): Float64Array {
  const clean = cleanValues(values);
  const finite = new Float64Array(clean.length);
  let n = 0;
  for (let i = 0; i < clean.length; i++) {
    const value = clean[i]!;
    if (Number.isFinite(value)) finite[n++] = value;
  }
  return finite.subarray(0, n).sort();
}
