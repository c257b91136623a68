/** The candidates, which come in order but may repeat, as finite edges that rise. */
export function risingEdges(candidates: readonly number[]): number[] {
  const edges: number[] = [];
  for (const candidate of candidates) {
    const edge = Math.min(Math.max(candidate, -Number.MAX_VALUE), Number.MAX_VALUE);
    if (edges.length === 0 || edge > edges[edges.length - 1]!) edges.push(edge);
  }
  return edges;
}

/** A column of one value has three bins: below it, the value give or take its margin, above it. */
export function constantEdges(value: number): number[] {
  const margin = valueMargin(value);
  return risingEdges([value - 2 * margin, value - margin, value + margin, value + 2 * margin]);
}

/** Difference from `value` that is rounding and not a change: a billionth of it, and of 1 for the value 0. */
export function valueMargin(value: number): number {
  return value === 0 ? 1e-9 : Math.max(Math.abs(value) * 1e-9, Number.MIN_VALUE);
}
