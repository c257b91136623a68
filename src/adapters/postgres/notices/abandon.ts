import type pg from "pg";
import type { AbandonedNotice } from "../../../ports.ts";
import { texts } from "../connection/values/array-literals.ts";
import { text, uuid } from "../statement/columns.ts";
import { select, statement } from "../statement/statement.ts";

export const ABANDON_NOTICES = statement(
  "abandon_notices",
  { notice_id: uuid, channel: text },
  `
  WITH ended AS (
         UPDATE notice SET state = 'dead', lease = NULL, leased_until = NULL, last_error = $2
          WHERE state = 'pending' AND channel <> ALL ($1::text[])
            AND (leased_until IS NULL OR leased_until <= to_timestamp($3::float8))
         RETURNING notice_id, channel
       ), over AS (
         UPDATE notice_thread SET closed_at = to_timestamp($3::float8)
          WHERE closed_at IS NULL AND channel <> ALL ($1::text[])
       ), forgotten AS (
         DELETE FROM notice_member WHERE channel <> ALL ($1::text[])
       )
  SELECT notice_id, channel FROM ended`,
);

/** What a channel was told is forgotten with it: should it come back, it is told of what is wrong then, as a new one is. */
export function abandonNotices(
  db: Pick<pg.ClientBase, "query">,
  kept: readonly string[],
  reason: string,
  now: number,
): Promise<AbandonedNotice[]> {
  return select(db, ABANDON_NOTICES, [texts(kept), reason, now / 1000]);
}
