/**
 * Counts of a numeric feature. Bin i holds the rows with edges[i] <= value < edges[i + 1]; the outer two bins are
 * open, so the first also holds everything below and the last everything above: edges[0] and edges[B] only say where
 * the data was seen. NaN counts as null.
 */
export interface NumericHistogram extends Ruled {
  readonly kind: "numeric";
  /** B + 1 finite numbers, each greater than the one before. */
  readonly edges: ArrayLike<number>;
  /** B counts, each 0 or more. */
  readonly counts: ArrayLike<number>;
  readonly nulls: number;
  readonly summary?: NumericSummary;
}

/**
 * What whoever counted the rows knows of them beside their bins. Each field is absent where it is not known. Rows that
 * are null count for none of them; ±Infinity only in `outside`.
 */
export interface NumericSummary {
  /** Least and greatest finite value. */
  readonly min?: number;
  readonly max?: number;
  /** Of the finite values; sd is that of the sample (n − 1). */
  readonly mean?: number;
  readonly sd?: number;
  /** Number of different finite values. */
  readonly distinct?: number;
  /** Finite values by the share of rows below them: `{"0.5": 12}` is the median. */
  readonly quantiles?: Readonly<Record<string, number>>;
  /** Values that have a bin of their own because so many rows hold them. For a reference. */
  readonly spikes?: readonly number[];
  readonly outside?: OutsideRows;
}

/** Rows that lie where the reference had none; all of them are counted in the outer bins too. */
export interface OutsideRows {
  /** Finite, below the reference's range (outsideLimits). 0 for a reference itself; absent where that range is not known. */
  readonly below?: number;
  readonly above?: number;
  readonly inf: number;
  readonly neg_inf: number;
}

/** What every histogram may say. */
interface Ruled {
  /** Of a reference: the rule by which what is compared with it is judged; absent: that of references before 0.3. */
  readonly rule?: number;
}

/** Counts of bins that only their position names; the order of the bins is the order of the values. */
export interface PositionalHistogram extends Ruled {
  readonly kind: "positional";
  readonly counts: ArrayLike<number>;
  readonly nulls: number;
}

/** Counts of named categories. */
export interface CategoricalHistogram extends Ruled {
  readonly kind: "categorical";
  /** Names without repetition, one for each count. */
  readonly categories: readonly string[];
  readonly counts: ArrayLike<number>;
  readonly nulls: number;
  /** Rows whose names were too many to be counted apart. */
  readonly folded?: number;
}

/**
 * How often each value of a feature was seen: all that drift needs to know of the rows. A histogram is never altered
 * once built (labels and look-up tables derived from it are kept with it); adding rows makes a new one.
 */
export type Distribution = NumericHistogram | PositionalHistogram | CategoricalHistogram;
