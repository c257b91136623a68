/**
 * The candidates as finite edges that rise: clamped to the finite numbers, each kept when it is greater than the one
 * kept before. Candidates come in order but may repeat.
 */
export function risingEdges(candidates: ArrayLike<number>): Float64Array {
  const edges = new Float64Array(candidates.length);
  let n = 0;
  for (let i = 0; i < candidates.length; i++) {
    const edge = Math.min(Math.max(candidates[i]!, -Number.MAX_VALUE), Number.MAX_VALUE);
    // + 0: −0 is 0.
    if (n === 0 || edge > edges[n - 1]!) edges[n++] = edge + 0;
  }
  return edges.slice(0, n);
}
