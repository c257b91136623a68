import type { Novelty } from "../stats/shares/novelty.ts";

/** A feature and its reference on one set of bins, with all that its tests look at. */
export interface ComparedFeature {
  /** Counts of the reference, one a bin, nulls and folded names among them. */
  readonly expected: ArrayLike<number>;
  /** Counts of the current rows on the same bins; where they were re-binned, interpolated. */
  readonly actual: ArrayLike<number>;
  readonly labels: readonly string[];
  /** The bins that have an order; null where there is none. */
  readonly ordered: OrderedBins | null;
  /** Each tested by itself. */
  readonly shares: readonly SingleShare[];
  /** null: no names, or not all of them are known. */
  readonly novelty: Novelty | null;
  /** null: it is not known how many rows lie outside, or beyond what. */
  readonly outside: OutsideTest | null;
  /** Of re-binned counts the placing with the least PSI; null: they were not re-binned. */
  readonly kindest: ArrayLike<number> | null;
  readonly rebin_error: number | null;
  /** Names that the reference does not have and that have a bin of their own, with their current rows. */
  readonly new_names: ReadonlyMap<string, number>;
}

export interface OrderedBins {
  readonly expected: ArrayLike<number>;
  readonly actual: ArrayLike<number>;
  /** null where bins are known by position only. */
  readonly edges: ArrayLike<number> | null;
}

/** Rows of one kind against all others. */
export interface SingleShare {
  /** What decides if this does: `nulls`, `inf`, `neg_inf`, `value 0`, `class DE`. */
  readonly test: string;
  readonly expected: number;
  readonly actual: number;
  /** Least share that counts, see sharePsi. */
  readonly floor: number;
}

export interface OutsideTest {
  readonly rows: number;
  /** Rows that have a value. */
  readonly n_reference: number;
  readonly n_current: number;
}

/** A share below this is as good as none. */
export const SHARE_FLOOR = 0.001;
/** The same for rows that must not be there at all. */
export const STRICT_FLOOR = 1e-6;

export const NO_NAMES: ReadonlyMap<string, number> = new Map();

/** Absent where neither side has such rows. */
export function shareOf(test: string, expected: number, actual: number, floor: number): SingleShare[] {
  return expected > 0 || actual > 0 ? [{ test, expected, actual, floor }] : [];
}
