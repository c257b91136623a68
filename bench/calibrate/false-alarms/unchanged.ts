import { multinomial } from "../../lib/random.ts";
import { type Draw, float32, gauss, levels, names, nulls, poisson, share, tenths, zeros, zipf } from "../draws.ts";
import { zipfShares } from "../power/alternatives.ts";

/** A feature that stays what it is: reference and current rows come from one distribution. */
export interface Unchanged {
  readonly name: string;
  readonly reference: Draw;
  readonly current: Draw;
  /** What a draw costs; the dearer, the fewer there are: `rows` are drawn one by one and sorted. */
  readonly cost: "counts" | "names" | "rows";
}

const same = (name: string, cost: Unchanged["cost"], draw: Draw): Unchanged => ({
  name,
  cost,
  reference: draw,
  current: draw,
});

/** Counts on so many bins, known by position: of level shares, or of shares 1, 1/2, 1/3, … */
export function onBins(bins: number, skewed: boolean): Draw {
  const shares = skewed ? zipfShares(bins) : new Float64Array(bins).fill(1 / bins);
  return (rows, next) => ({ counts: multinomial(shares, next)(rows) });
}

export const UNCHANGED: readonly Unchanged[] = [
  same("normal", "rows", gauss()),
  same("Poisson 3", "rows", poisson(3)),
  same("ten levels", "rows", levels(tenths)),
  { ...same("ten levels → float32", "rows", levels(tenths)), current: float32(levels(tenths)) },
  same("95 % zeros", "rows", zeros(0.95)),
  same("normal, 5 % nulls", "rows", nulls(0.05)),
  same("boolean 30 %", "counts", share(0.3)),
  same("classes 99/1", "counts", share(0.01)),
  same("classes 90/9/1", "counts", names({ a: 90, b: 9, c: 1 })),
  ...[100, 500, 1_000, 5_000].map((many) => same(`${many} names, Zipf`, "names", zipf(many))),
  ...[2, 5, 10, 20, 50, 200].map((bins) => same(`${bins} level bins`, "counts", onBins(bins, false))),
  ...[5, 20, 200].map((bins) => same(`${bins} Zipf bins`, "counts", onBins(bins, true))),
];
