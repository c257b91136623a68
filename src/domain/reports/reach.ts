import type { FreshnessReport } from "./report.ts";

/** How far the data of a dataset reaches, from all reports about it. Times: milliseconds. */
export interface Reach {
  /** The greatest: late and repeated reports do not turn it back. */
  data_through: number;
  /** The `at` of the latest report. */
  reported_at: number;
  /** What that one said where it was ahead of its `at`; null: it was not. On a tie the one that was. */
  ahead: number | null;
}

export function reached(known: Reach | undefined, { at, data_through, ahead }: FreshnessReport): Reach {
  if (known === undefined) return { data_through, reported_at: at, ahead };
  const furthest = Math.max(known.data_through, data_through);
  const later = at > known.reported_at || (at === known.reported_at && (ahead ?? 0) > (known.ahead ?? 0));
  return later
    ? { data_through: furthest, reported_at: at, ahead }
    : { data_through: furthest, reported_at: known.reported_at, ahead: known.ahead };
}
