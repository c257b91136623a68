import type { NumericSummary } from "./distribution.ts";

/** A value of a feature as JSON or a client has it; a bigint (only a client has one) is read as a number. */
export type BinnableValue = number | bigint | string | boolean | null | undefined;

/** A NumericSummary as it is sent: beside the counts on edges that it belongs to. */
export type SummaryFields = { readonly [Field in keyof NumericSummary]?: NumericSummary[Field] | undefined };

/**
 * A histogram as it is sent, in one of four forms: `counts`, `edges` with `counts`, `values`, or `categories`.
 * Whatever is in it: validateHistogram says what is wrong.
 */
export interface HistogramInput extends SummaryFields {
  readonly counts?: ArrayLike<number> | undefined;
  readonly edges?: ArrayLike<number> | undefined;
  /** Numbers for a numeric feature, strings or booleans for a categorical one; null is a null. */
  readonly values?: ArrayLike<BinnableValue> | undefined;
  readonly categories?: Readonly<Record<string, number>> | undefined;
  /** Rows without a value, besides those that `values` holds. */
  readonly nulls?: number | undefined;
  /** Of `categories`: rows whose names were too many to be counted apart. */
  readonly folded?: number | undefined;
  /** How values are meant; absent: numbers are numeric, all else is categorical. */
  readonly kind?: "numeric" | "categorical" | undefined;
  /** How many bins to make of `values`; for a reference. Default 10. */
  readonly bins?: number | undefined;
  /** How to make them; for a reference. Default quantile. */
  readonly method?: "quantile" | "uniform" | undefined;
}
