import type pg from "pg";
import type { Change } from "../../../domain/commit/change.ts";
import { json, nothing, text } from "../statement/columns.ts";
import { execute, statement } from "../statement/statement.ts";
import { CHANGE_CHANNEL } from "./channels.ts";

/** Nobody is told before the commit, and nobody if there is none. */
export const TELL_CHANGE = statement(
  "tell_change",
  { pg_notify: nothing },
  `
  WITH told AS (INSERT INTO change (agent_id, what) VALUES ($1, $2::json) RETURNING change_id)
  SELECT pg_notify('${CHANGE_CHANNEL}', '') FROM told`,
);

/** What was committed before is seen by whoever reads on from this. */
export const CHANGES_SEEN = statement("changes_seen", { seen: text }, "SELECT pg_current_snapshot()::text AS seen");

/**
 * What others committed since: rows that the snapshot $1 did not see. So a transaction that was open then is not missed, whatever
 * its number, and none is read twice. `seen` is there even where there is no change.
 */
export const READ_CHANGES = statement(
  "read_changes",
  { seen: text, whats: json<Change[]>() },
  `
  SELECT pg_current_snapshot()::text AS seen,
         (SELECT coalesce(json_agg(what ORDER BY change_id), '[]') FROM change
           WHERE xid >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot)
             AND agent_id <> $2::bigint) AS whats`,
);

/** Who has not read them by then has long been given up. A step of $1 rows. */
export const TRIM_CHANGES = statement(
  "trim_changes",
  {},
  `
  DELETE FROM change WHERE change_id IN (
    SELECT change_id FROM change WHERE at < clock_timestamp() - interval '5 min' ORDER BY change_id LIMIT $1::int)`,
);

const TRIM_STEP = 5000;

export async function trimChanges(db: pg.Pool): Promise<void> {
  while ((await execute(db, TRIM_CHANGES, [TRIM_STEP])) === TRIM_STEP);
}
