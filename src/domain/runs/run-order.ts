/** The times that order the runs of a pipeline; milliseconds. */
export interface OrderedRun {
  logical_date: number | null;
  data_interval_end: number | null;
  /** The earliest start that is known. */
  started_at: number | null;
  /** The earliest `at`. */
  first_at: number;
  /** When the first report of it arrived; null: not known (it was stored by version 0.1). */
  heard_at: number | null;
}

/**
 * Which run is later than which. A run that is retried or cleared keeps its place: its earliest start counts. No run is
 * ordered later than the arrival of its first report: an interval that ends in the future must not hide runs that fail now.
 */
export function runOrder({ logical_date, data_interval_end, started_at, first_at, heard_at }: OrderedRun): number {
  const order = logical_date ?? data_interval_end ?? started_at ?? first_at;
  return heard_at === null ? order : Math.min(order, heard_at);
}
