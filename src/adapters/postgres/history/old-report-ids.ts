import type pg from "pg";
import { bigint, nullable, time } from "../statement/columns.ts";
import { select, statement } from "../statement/statement.ts";

/** Pages that a statement looks through: some 8000 ids, so that none holds locks or the disk for long. */
const STEP = 64;

export const PAGES_OF_IDS = statement(
  "pages_of_ids",
  { pages: bigint },
  "SELECT pg_relation_size('report_id') / current_setting('block_size')::bigint AS pages",
);

/** Of the pages from $1 to before $2, what is older than $3 (seconds); the oldest that stays. */
export const DELETE_OLD_IDS = statement(
  "delete_old_ids",
  { deleted: bigint, oldest: nullable(time) },
  `
    WITH gone AS (
           DELETE FROM report_id
            WHERE ctid >= $1::tid AND ctid < $2::tid AND received_at < to_timestamp($3::float8) RETURNING 1)
  SELECT (SELECT count(*) FROM gone) AS deleted,
         (SELECT min(received_at) FROM report_id
           WHERE ctid >= $1::tid AND ctid < $2::tid AND received_at >= to_timestamp($3::float8)) AS oldest`,
);

/**
 * Deletes ids page by page. New ids take the room of old ones, so that old and new lie anywhere, and no index on the time finds
 * the old ones without a price for each report. It remembers the oldest id of each step instead and passes over what has none
 * that is old enough: what comes later is younger. The first time it looks through the whole table.
 */
export class OldReportIds {
  /** Milliseconds, by step. */
  readonly #oldest: number[] = [];

  /** Deletes those from before that time (milliseconds); answers how many there were. */
  async delete(db: pg.Pool, before: number): Promise<number> {
    const [size] = await select(db, PAGES_OF_IDS);
    const steps = Math.ceil(size!.pages / STEP);
    this.#oldest.length = Math.min(this.#oldest.length, steps);
    let total = 0;
    for (let step = 0; step < steps; step++) {
      if ((this.#oldest[step] ?? before - 1) >= before) continue;
      const [done] = await select(db, DELETE_OLD_IDS, [page(step * STEP), page((step + 1) * STEP), before / 1000]);
      total += done!.deleted;
      // Where all are gone, ids of transactions that are open now may come.
      this.#oldest[step] = done!.oldest ?? before;
    }
    return total;
  }
}

function page(number: number): string {
  return `(${number},0)`;
}
