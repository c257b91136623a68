/**
 * What is known of a feature's rows beside their bins; each field is absent where it is not known. Nulls count for none of
 * them, ±Infinity only in `outside`.
 */
export interface FeatureSummary {
  /** Least and greatest finite value. */
  min?: number | undefined;
  max?: number | undefined;
  /** Of the finite values; sd is that of the sample (n − 1). */
  mean?: number | undefined;
  sd?: number | undefined;
  /** Number of different finite values. */
  distinct?: number | undefined;
  /** Values by the share of rows below them: `{"0.5": 12}` is the median. */
  quantiles?: Readonly<Record<string, number>> | undefined;
  /** Values that have a bin of their own because so many rows hold them. For a reference. */
  spikes?: readonly number[] | undefined;
  /** Rows where the reference had none; below and above only where its range is known. */
  outside?: Readonly<{ below?: number; above?: number; inf: number; neg_inf: number }> | undefined;
}
