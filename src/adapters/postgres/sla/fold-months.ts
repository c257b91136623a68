import type pg from "pg";
import { ADVISORY_LOCKS } from "../connection/advisory-locks.ts";
import { numbers } from "../connection/values/array-literals.ts";
import { integer } from "../statement/columns.ts";
import { execute, select, statement } from "../statement/statement.ts";
import { EACH_KIND, IS_BUSY, underTheirLocks } from "./fold.ts";
import { addTo } from "./sla.ts";

/** Pipelines whose months are added up at once: some ten thousand rows of days, so that reports to them wait for moments. */
const STEP = 20;
/** Steps of one call. */
const STEPS = 10;

export const PIPELINES_BEHIND = statement(
  "pipelines_behind_in_months",
  { pipeline_id: integer },
  `SELECT pipeline_id FROM pipeline
    WHERE coalesce(sla_months_until, '-infinity') < to_timestamp($1::float8)
    ORDER BY pipeline_id LIMIT ${STEP}`,
);

/** Forgetting days takes them out of their months, of which it must know all. */
export const NOBODY_FORGETS_DAYS = statement(
  "nobody_forgets_days",
  {},
  `SELECT FROM pg_advisory_xact_lock(${ADVISORY_LOCKS.sla_days})`,
);

export const FOLD_MONTHS = statement(
  "fold_months",
  {},
  addTo(
    "sla_month",
    "month",
    `SELECT d.pipeline_id, d.kind, date_trunc('month', d.day, 'UTC'), d.subject_id, sum(d.total), sum(d.passed), sum(d.excluded)
    FROM pipeline p JOIN sla_day d USING (pipeline_id)
   WHERE pipeline_id = ANY ($1::int[]) AND d.kind = ANY (${EACH_KIND}) AND d.day < to_timestamp($2::float8)
     AND d.day >= coalesce(p.sla_months_until, '-infinity')
   GROUP BY 1, 2, 3, 4`,
  ),
);

/** Hours that earlier versions kept of days with few results: the results themselves are as quickly counted. */
export const DROP_NEEDLESS_HOURS = statement(
  "drop_needless_hours",
  {},
  `DELETE FROM sla_hour h
    USING (SELECT pipeline_id, kind, day FROM sla_day WHERE pipeline_id = ANY ($1::int[])
            GROUP BY 1, 2, 3 HAVING NOT ${IS_BUSY}) quiet
    WHERE h.pipeline_id = quiet.pipeline_id AND h.kind = quiet.kind
      AND h.hour >= quiet.day AND h.hour < quiet.day + interval '1 day'`,
);

export const MONTHS_FOLDED = statement(
  "months_folded",
  {},
  "UPDATE pipeline SET sla_months_until = to_timestamp($2::float8) WHERE pipeline_id = ANY ($1::int[])",
);

/**
 * Adds up the months before `until` (the start of a month, milliseconds) that are not added up yet. Answers whether there is more to
 * do: it comes back after a while.
 */
export async function foldMonths(db: pg.Pool, until: number): Promise<boolean> {
  const month = until / 1000;
  for (let steps = 0; steps < STEPS; steps++) {
    const behind = await select(db, PIPELINES_BEHIND, [month]);
    if (behind.length === 0) return false;
    const ids = behind.map(({ pipeline_id }) => pipeline_id);
    await underTheirLocks(db, ids, async (client, rows) => {
      await select(client, NOBODY_FORGETS_DAYS);
      const open = rows.filter(({ sla_months_until }) => sla_months_until === null || sla_months_until < until);
      const never = open.filter(({ sla_months_until }) => sla_months_until === null);
      const keys = (of: typeof rows) => numbers(of.map(({ pipeline_id }) => pipeline_id));
      await execute(client, FOLD_MONTHS, [keys(open), month]);
      if (never.length > 0) await execute(client, DROP_NEEDLESS_HOURS, [keys(never)]);
      await execute(client, MONTHS_FOLDED, [keys(open), month]);
    });
  }
  return true;
}
