import { type Precedence, precedes } from "../commit/precedence.ts";
import type { FreshnessReport } from "./report.ts";

/** How far the data of a dataset reaches, from all reports about it. Times: milliseconds. */
export interface Reach {
  /** The greatest `data_through`: late and repeated reports do not lower it. */
  data_through: number;
  /** The `at` of the latest report. */
  reported_at: number;
  /** The `data_through` of that report where it was ahead of its `at`; null: it was not. On a tie the one that was ahead wins. */
  ahead: number | null;
}

/** Decides between two reports of one time; adapters/postgres/tables/freshness.ts makes the SQL of `reached` from it. */
export const FURTHER_AHEAD: Precedence<{ ahead: number | null }> = [{ of: "ahead", first: "greatest", nulls: "last" }];

export function reached(known: Reach | undefined, report: FreshnessReport): Reach {
  const { at, data_through, ahead } = report;
  if (known === undefined) return { data_through, reported_at: at, ahead };
  const furthest = Math.max(known.data_through, data_through);
  const later = at > known.reported_at || (at === known.reported_at && precedes(FURTHER_AHEAD, report, known));
  return later
    ? { data_through: furthest, reported_at: at, ahead }
    : { data_through: furthest, reported_at: known.reported_at, ahead: known.ahead };
}
