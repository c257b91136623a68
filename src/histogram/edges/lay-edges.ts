import { risingEdges } from "./rising-edges.ts";
import { valueMargin } from "./value-margin.ts";

interface Layout {
  /** At least one; finite, rising. */
  readonly values: Float64Array;
  /** A flag a value: it has a bin of its own. */
  readonly alone: readonly boolean[];
  /** Positions of other cuts: i stands for one between value i − 1 and value i. */
  readonly cuts: ReadonlySet<number>;
}

/**
 * The edges of bins that hold these values. A cut lies between two neighbouring values and never on one, so that a value
 * that another number format moves by a hair stays in its bin.
 *
 * Where the least or greatest value has a bin of its own, a cut lies beyond it by a millionth (valueMargin) of the
 * greatest number in the range, or of the value itself where bins are narrow; the bin behind that cut is empty until
 * something comes there.
 *
 * @param width of the bin of a value that is alone: half way to its neighbours, or narrow, just around the value, with
 *   empty bins between it and the others
 * @returns rising finite edges; the outer two are the least and the greatest value, or lie beyond the cut that does
 */
export function layEdges({ values, alone, cuts }: Layout, width: "half_way" | "narrow"): Float64Array {
  const last = values.length - 1;
  const least = values[0]!;
  const greatest = values[last]!;
  const reach = Math.max(Math.abs(least), Math.abs(greatest));
  const [below, above] = [least, greatest].map((end) => valueMargin(width === "narrow" ? end : reach));

  const edges: number[] = [];
  if (!alone[0]) edges.push(least);
  else edges.push(least - 2 * below!, width === "narrow" ? justBelow(least, below!) : least - below!);
  for (let i = 1; i <= last; i++) {
    const low = values[i - 1]!;
    const high = values[i]!;
    if (!(alone[i - 1] || alone[i])) {
      if (cuts.has(i)) edges.push(halfWay(low, high));
    } else if (width === "half_way") edges.push(halfWay(low, high));
    else {
      // A quarter on either side leaves half of what is between the values.
      const most = high / 4 - low / 4;
      edges.push(cutBetween(low, high, low + Math.min(valueMargin(low), most)));
      edges.push(cutBetween(low, high, justBelow(high, Math.min(valueMargin(high), most))));
    }
  }
  if (alone[last]) edges.push(greatest + above!, greatest + 2 * above!);
  else edges.push(greatest);
  return risingEdges(edges);
}

function halfWay(low: number, high: number): number {
  const sum = low + high;
  // The sum of two numbers near the greatest there is overflows.
  return cutBetween(low, high, Number.isFinite(sum) ? sum / 2 : low / 2 + high / 2);
}

/**
 * Where a narrow bin begins. At the value itself where float32 holds it as it is, as whole numbers: the cut of a reference
 * may lie there, half way between two other values, and the value above it.
 */
function justBelow(value: number, margin: number): number {
  return Math.fround(value) === value ? value : value - margin;
}

/** A value on an edge falls into the bin above it: between two neighbouring numbers the cut is the greater one. */
function cutBetween(low: number, high: number, cut: number): number {
  return cut > low && cut <= high ? cut : high;
}
