import { cleanValues, type NumericValue } from "./clean-values.ts";

export interface BinnedValues {
  /** B counts. */
  readonly counts: Float64Array;
  /** Values that were null, undefined or NaN. */
  readonly nulls: number;
}

const CELLS = 4096;
/** Below this many values the table costs more to build than it saves. */
const VALUES_WORTH_A_TABLE = 4 * CELLS;

/**
 * Counts of the values on the bins [edges[i], edges[i + 1]), the outer two open: −Infinity falls in the first bin and
 * +Infinity in the last, null and NaN in none (`nulls`). Exact: a value is compared with the edges themselves.
 *
 * One pass at a few nanoseconds a value whatever the values are: the bin comes from a table of 4 096 cells and one
 * comparison, or, where edges lie too close together for that, from a binary search; neither branches on the data,
 * so that random values cost no mispredictions.
 *
 * @param values a Float64Array is read in place; anything else is copied into one first
 * @param edges B + 1 rising finite numbers; the outer two are not looked at
 */
export function binValues(values: ArrayLike<NumericValue>, edges: ArrayLike<number>): BinnedValues {
  const clean = cleanValues(values);
  const bins = edges.length - 1;
  const inner = new Float64Array(bins - 1);
  for (let i = 1; i < bins; i++) inner[i - 1] = edges[i]!;

  const table = clean.length < VALUES_WORTH_A_TABLE ? null : cellTable(inner);
  // One place more than bins: the last counts the nulls.
  const tally = table === null ? countBySearch(clean, inner) : countByTable(clean, inner, table);
  return { counts: Float64Array.from(tally.subarray(0, bins)), nulls: tally[bins]! };
}

/**
 * For each of the cells of equal width between the first and the last inner edge, the number of edges in the cells
 * before it; null where a cell would hold two edges. The cell of a value never falls as the value rises, whatever is
 * rounded, so a value lies in the bin of its cell or, past the one edge in the cell, in the next.
 */
function cellTable(inner: Float64Array): { bin_of_cell: Uint16Array; scale: number } | null {
  const bins = inner.length + 1;
  const first = inner[0];
  if (first === undefined || bins > CELLS) return null;
  const scale = CELLS / (inner[inner.length - 1]! - first);
  if (!(Number.isFinite(scale) && scale > 0)) return null;
  const binOfCell = new Uint16Array(CELLS + 1);
  let cell = -1;
  for (let i = 0; i < inner.length; i++) {
    const position = (inner[i]! - first) * scale;
    const edgeCell = position >= CELLS - 1 ? CELLS - 1 : Math.trunc(position);
    if (edgeCell === cell) return null;
    binOfCell.fill(i, cell + 1, edgeCell + 1);
    cell = edgeCell;
  }
  binOfCell.fill(inner.length, cell + 1, CELLS);
  binOfCell[CELLS] = bins;
  return { bin_of_cell: binOfCell, scale };
}

function countByTable(
  values: Float64Array,
  inner: Float64Array,
  { bin_of_cell: binOfCell, scale }: { bin_of_cell: Uint16Array; scale: number },
): Uint32Array {
  const bins = inner.length + 1;
  const first = inner[0]!;
  // NaN behind the last edge: no value is past it.
  const padded = new Float64Array(bins + 1).fill(Number.NaN);
  padded.set(inner);
  const tally = new Uint32Array(bins + 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const position = (value - first) * scale;
    const cell = position >= CELLS - 1 ? CELLS - 1 : position > 0 ? position | 0 : position <= 0 ? 0 : CELLS;
    const bin = binOfCell[cell]!;
    tally[bin + Number(value >= padded[bin]!)]!++;
  }
  return tally;
}

function countBySearch(values: Float64Array, inner: Float64Array): Uint32Array {
  const bins = inner.length + 1;
  let size = 1;
  while (size < bins) size *= 2;
  const padded = new Float64Array(size).fill(Number.NaN);
  padded.set(inner);
  const tally = new Uint32Array(bins + 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    let bin = 0;
    for (let step = size >> 1; step > 0; step >>= 1) bin += step * Number(value >= padded[bin + step - 1]!);
    tally[Number.isNaN(value) ? bins : bin]!++;
  }
  return tally;
}
