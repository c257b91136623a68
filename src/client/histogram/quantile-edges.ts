import { constantEdges, risingEdges, valueMargin } from "./rising-edges.ts";

/**
 * Edges that give each bin the same number of rows, exactly as the agent makes them of raw values
 * (histogram/edges/quantile-edges; the shared vectors hold both to it): the quantiles i / bins, interpolated linearly
 * between neighbours; a value on which two or more of them fall has a bin of its own, with edges half way to its neighbours.
 *
 * @param sorted finite numbers in rising order
 * @returns rising edges; [0, 1] where there is no number
 */
export function quantileEdges(sorted: Float64Array, bins: number): number[] {
  const n = sorted.length;
  if (n === 0) return [0, 1];
  const [least, greatest] = [sorted[0]!, sorted[n - 1]!];
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
  if (inner.length === 0) return [least, greatest];
  const [first, last] = [inner[0]!, inner[inner.length - 1]!];
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
  // The distance of two numbers near the greatest there are overflows.
  return Number.isFinite(value) ? value : sorted[Math.floor((sorted.length * i) / bins)]!;
}

function edgeBelow(sorted: Float64Array, value: number): number {
  const index = countWhile(sorted, (other) => other < value);
  if (index === 0) return value - valueMargin(value);
  const lower = sorted[index - 1]!;
  const middle = lower / 2 + value / 2;
  return middle > lower && middle <= value ? middle : value;
}

function edgeAbove(sorted: Float64Array, value: number): number {
  const index = countWhile(sorted, (other) => other <= value);
  if (index === sorted.length) return value + valueMargin(value);
  const upper = sorted[index]!;
  const middle = value / 2 + upper / 2;
  return middle > value && middle <= upper ? middle : upper;
}

/** How many of the sorted numbers satisfy a condition that holds for a leading run of them. */
function countWhile(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
