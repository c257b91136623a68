import type pg from "pg";
import { integer } from "../statement/columns.ts";
import { select, statement } from "../statement/statement.ts";
import { NOBODY_FORGETS_DAYS } from "./fold-months.ts";

/** What goes from the days goes from their months, so that these stay what their days add up to. */
export const FORGET_DAYS = statement(
  "older_sla_day",
  { days: integer },
  `
  WITH gone AS (
    DELETE FROM sla_day
     WHERE ctid = ANY (ARRAY(SELECT ctid FROM sla_day WHERE day < to_timestamp($1::float8) LIMIT $2::int))
    RETURNING *),
  taken AS (
    UPDATE sla_month m SET total = m.total - g.total, passed = m.passed - g.passed, excluded = m.excluded - g.excluded
      FROM (SELECT pipeline_id, kind, date_trunc('month', day, 'UTC') AS month, subject_id, sum(total) AS total,
                   sum(passed) AS passed, sum(excluded) AS excluded
              FROM gone GROUP BY 1, 2, 3, 4) g
     WHERE m.pipeline_id = g.pipeline_id AND m.kind = g.kind AND m.month = g.month AND m.subject_id = g.subject_id)
  SELECT count(*)::int AS days FROM gone`,
);

/** Deletes the days before `before` (seconds) in steps of so many rows. */
export async function forgetDays(db: pg.Pool, before: number, step: number): Promise<void> {
  for (;;) {
    const client = await db.connect();
    let broken: Error | undefined;
    try {
      await client.query("BEGIN");
      await select(client, NOBODY_FORGETS_DAYS);
      const [gone] = await select(client, FORGET_DAYS, [before, step]);
      await client.query("COMMIT");
      if (gone!.days < step) return;
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }
}
