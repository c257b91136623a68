/** Whether two histograms have the same bins, so that their counts can be compared and added as they are. */
export function sameEdges(first: ArrayLike<number>, second: ArrayLike<number>): boolean {
  if (first === second) return true;
  if (first.length !== second.length) return false;
  for (let i = 0; i < first.length; i++) if (first[i] !== second[i]) return false;
  return true;
}
