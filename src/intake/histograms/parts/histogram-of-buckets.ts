import { MOST_BINS } from "../../../domain/drift/histograms/validate-histogram.ts";
import { valueMargin } from "../../../histogram/edges/value-margin.ts";
import type { HistogramInput } from "../../../histogram/histogram-input.ts";
import { onlyNulls } from "./found.ts";
import type { Reading } from "./reading.ts";
import { roundCounts } from "./round-counts.ts";

/** Rows between two bounds; where these are the same, rows that all have one value. Either may be infinite. */
export interface Bucket {
  readonly low: number;
  readonly high: number;
  /** 0 or more; estimates need not be whole. */
  readonly count: number;
  readonly path: string;
}

/**
 * Edges and counts of buckets that other systems list one by one, in rising order.
 *
 * - A gap between two buckets becomes a bin that holds nothing.
 * - A bucket of one value becomes a bin of its own, from just below to just above that value (valueMargin), as quantile
 *   edges make one of a value that repeats; at either end a bin that holds nothing is added beyond it, so that rows
 *   that leave the value are seen.
 * - An infinite outer bound is an open bin, which ours are anyway; as its edge stands the finite bound less (or plus) the
 *   width of the next bin. Rows at ∓∞ itself are in the outer bins. The greatest numbers there are (1e300 and above) count
 *   as infinite: that is how infinity is written where there is none.
 * - Which end of a bucket belongs to it is not looked at: with buckets (low, high] the rows that lie exactly on a bound are
 *   one bin lower than values binned here would be.
 * - More than MOST_BINS are merged by neighbours, which loses resolution and no row.
 *
 * Counts become whole by roundCounts. Without any bucket that has a width or a finite value: onlyNulls, with the rows at ±∞.
 */
export function histogramOfBuckets(buckets: readonly Bucket[], nulls: number, reading: Reading): HistogramInput {
  const ordered = inOrder(buckets, reading);
  const cells = ordered.filter(({ low, high }) => low < Number.POSITIVE_INFINITY && high > Number.NEGATIVE_INFINITY);
  const [first] = cells;
  if (
    first !== undefined &&
    cells.length === 1 &&
    first.low === Number.NEGATIVE_INFINITY &&
    !Number.isFinite(first.high)
  ) {
    reading.wrong(first.path, "a bucket from -∞ to ∞ given and no other; at least one finite bound is needed");
  }
  if (first === undefined || reading.failed) {
    const rows = ordered.reduce((sum, { count }) => sum + count, 0);
    return { ...onlyNulls(roundCounts([nulls])[0]!), counts: roundCounts([rows]) };
  }
  const bins = new Bins(first);
  cells.forEach((cell, i) => {
    bins.add(cell, cells[i + 1]);
  });
  for (const { high, low, count } of ordered) {
    if (high === Number.NEGATIVE_INFINITY) bins.counts[0]! += count;
    if (low === Number.POSITIVE_INFINITY) bins.counts[bins.counts.length - 1]! += count;
  }
  const { edges, counts } = merged(bins.closed());
  return { edges, counts: roundCounts(counts), nulls: Math.round(nulls) };
}

/** As a share of a bound. */
const ROUNDING = 1e-12;

/** Bounds that differ by rounding only are made the same, gaps are filled, buckets of the same one value are added up. */
function inOrder(buckets: readonly Bucket[], reading: Reading): Bucket[] {
  const ordered: Bucket[] = [];
  for (const { low: lowest, high: highest, count, path } of buckets) {
    const [given, high] = [bounded(lowest), bounded(highest)];
    const before = ordered.at(-1);
    const end = before?.high ?? Number.NEGATIVE_INFINITY;
    const touches = Number.isFinite(end) && Math.abs(given - end) <= Math.abs(end) * ROUNDING;
    const low = touches ? end : given;
    if (low > high && !(touches && given <= high)) {
      reading.wrong(path, `from ${given} to ${high} given; a bucket's lower bound must not be above its upper bound`);
    } else if (low < end) {
      reading.wrong(path, `starts at ${given} before ${end}, where the bucket before it ends; must be in rising order`);
    } else if (before !== undefined && before.low === before.high && low === end && high <= end) {
      ordered[ordered.length - 1] = { ...before, count: before.count + count };
    } else {
      if (before !== undefined && low > end) ordered.push({ low: end, high: low, count: 0, path });
      ordered.push({ low, high: Math.max(low, high), count, path });
    }
  }
  return ordered;
}

const MOST = 1e300;

function bounded(bound: number): number {
  return Math.abs(bound) < MOST ? bound : Math.sign(bound) * Number.POSITIVE_INFINITY;
}

class Bins {
  readonly edges: number[];
  readonly counts: number[] = [];

  constructor(first: Bucket) {
    const { low, high } = first;
    this.edges = [low === high ? low - 2 * valueMargin(low) : low];
  }

  add(cell: Bucket, next: Bucket | undefined): void {
    if (cell.low < cell.high) {
      const end =
        next !== undefined && next.low === next.high ? next.low - this.#margin(cell, next.low, undefined) : cell.high;
      this.#push(end, cell.count);
      return;
    }
    const value = cell.low;
    const margin = this.#margin(undefined, value, next);
    if (this.counts.length === 0) this.#push(value - valueMargin(value), 0);
    this.#push(value + margin, cell.count);
    if (next === undefined) this.#push(value + 2 * margin, 0);
  }

  /** With finite outer edges. */
  closed(): { edges: number[]; counts: number[] } {
    const { edges, counts } = this;
    const last = edges.length - 1;
    if (edges[0] === Number.NEGATIVE_INFINITY) edges[0] = edges[1]! - this.#widthBeside(edges[1]!, edges[2]);
    if (edges[last] === Number.POSITIVE_INFINITY) {
      edges[last] = edges[last - 1]! + this.#widthBeside(edges[last - 1]!, edges[last - 2]);
    }
    return { edges, counts };
  }

  #widthBeside(edge: number, other: number | undefined): number {
    const width = other === undefined ? Number.NaN : Math.abs(other - edge);
    const wide = Number.isFinite(width) ? width : Math.max(Math.abs(edge), 1);
    return Math.max(wide, valueMargin(edge));
  }

  /** Less than half of what is free on either side, so that edges rise. */
  #margin(before: Bucket | undefined, value: number, after: Bucket | undefined): number {
    const below = before === undefined ? Number.POSITIVE_INFINITY : value - before.low;
    const above = after === undefined ? Number.POSITIVE_INFINITY : after.high - value;
    return Math.min(valueMargin(value), below / 4, above / 4);
  }

  /** A bin too narrow for two floating point numbers goes to the one before it. */
  #push(edge: number, count: number): void {
    if (edge > this.edges[this.edges.length - 1]!) {
      this.edges.push(edge);
      this.counts.push(count);
    } else if (this.counts.length > 0) this.counts[this.counts.length - 1]! += count;
  }
}

function merged({ edges, counts }: { edges: number[]; counts: number[] }): { edges: number[]; counts: number[] } {
  const together = Math.ceil(counts.length / MOST_BINS);
  if (together <= 1) return { edges, counts };
  const fewer = new Array<number>(Math.ceil(counts.length / together)).fill(0);
  counts.forEach((count, i) => {
    fewer[Math.floor(i / together)]! += count;
  });
  return { edges: edges.filter((_, i) => i % together === 0 || i === edges.length - 1), counts: fewer };
}
