import type { Committed } from "../domain/commit/committed.ts";

/** What is kept of all that was committed, and for how long. Throws `StoreError`, see Store. */
export interface HistoryStore {
  /** Every total and state that the metrics show (of these pipelines only), and which are archived, in parts of bounded size. */
  restore(names?: readonly string[]): AsyncIterable<Committed>;
  /** Drops history from before that time (milliseconds), in whole months; answers what was dropped. */
  dropHistory(before: number): Promise<string[]>;
  /** Forgets ids of reports, and what was refused of runs that never came, from before that time; answers how many ids. */
  deleteReportIds(before: number): Promise<number>;
  /**
   * Adds the SLA's finished hours (of what reports often) and months up, so that they are read quickly; answers whether there is more
   * to do. What is counted does not depend on it; safe to run twice at once.
   */
  foldSla(now: number): Promise<boolean>;
}
