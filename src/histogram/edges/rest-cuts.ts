import type { DistinctValues } from "./distinct-values.ts";

/** Rows that a bin should have, so that its count is not mostly noise. */
const ROWS_OF_A_BIN = 10;

/**
 * Where the values that are no spikes are cut: at their quantiles i/b, and at 1 % and 99 %, where the two thin bins
 * beyond hold 10 rows: a wrong unit in the top percent moves no other bin. b is `bins`, or fewer where a bin would
 * have less than 10 rows.
 *
 * A cut goes to the end of a run of equal values, whichever is nearer to the quantile (the lower on a tie). It is left
 * out where a bin would be left with hardly a row, next to another cut or to a spike, whose own cuts stand anyway.
 *
 * @param isSpike a flag a value
 * @returns positions among the values: i stands for a cut between value i − 1 and value i
 */
export function restCuts({ values, counts }: DistinctValues, isSpike: readonly boolean[], bins: number): Set<number> {
  const below = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) below[i + 1] = below[i]! + (isSpike[i] ? 0 : counts[i]!);
  const rows = below[values.length]!;
  const besideSpikes = Array.from(below.subarray(0, values.length)).filter((_, i) => isSpike[i]);
  const b = Math.min(bins, Math.max(besideSpikes.length > 0 ? 1 : 2, Math.floor(rows / ROWS_OF_A_BIN)));
  const least = Math.min(ROWS_OF_A_BIN, Math.max(1, Math.floor(rows / (2 * b))));

  const cuts = new Set<number>();
  let last = 0;
  for (const { rank, thin } of ranks(rows, b)) {
    const at = nearest(below, rank);
    const cut = below[at]!;
    if (cut - last < least || rows - cut < least) continue;
    if (thin && Math.min(cut, rows - cut) < ROWS_OF_A_BIN) continue;
    if (besideSpikes.some((other) => other !== cut && Math.abs(other - cut) < least)) continue;
    cuts.add(at);
    last = cut;
  }
  return cuts;
}

/** How many rows should lie below each cut, rising. */
function ranks(rows: number, bins: number): { rank: number; thin: boolean }[] {
  const percent = Math.floor(rows / 100);
  const ranks = [];
  for (let i = 1; i < bins; i++) ranks.push({ rank: Math.floor((rows * i) / bins), thin: false });
  if (percent < ROWS_OF_A_BIN) return ranks;
  ranks.push({ rank: percent, thin: true }, { rank: rows - percent, thin: true });
  return ranks.sort((a, b) => a.rank - b.rank);
}

/**
 * Of two positions equally near the lower; none with all rows on one side, if another is beside it.
 *
 * @param below rows below each position, never falling
 */
function nearest(below: Float64Array, rank: number): number {
  let low = 0;
  let high = below.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (below[middle]! < rank) low = middle + 1;
    else high = middle;
  }
  const lower = low === 0 ? 0 : below[low - 1]!;
  if (lower === 0) return low;
  return below[low] === below.at(-1) || rank - lower <= below[low]! - rank ? low - 1 : low;
}
