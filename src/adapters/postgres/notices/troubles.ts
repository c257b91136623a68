import type { TroubleChange } from "../../../domain/notices/trouble.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import { statement } from "../statement/statement.ts";

/** Openings and closings that are remembered: enough to see that it goes back and forth. */
const FLIPS = 20;

export const SAVE_TROUBLES = statement(
  "save_troubles",
  {},
  `
  INSERT INTO notice_trouble AS t (pipeline_id, open, trouble, opened_at, closed_at, flips, revision, look_at)
  SELECT u.pipeline_id, u.open, u.trouble::jsonb, to_timestamp(u.at), CASE WHEN NOT u.open THEN to_timestamp(u.at) END,
         ARRAY[to_timestamp(u.at)], 1, to_timestamp($5::float8)
    FROM unnest($1::int[], $2::boolean[], $3::text[], $4::float8[]) AS u (pipeline_id, open, trouble, at)
   WHERE u.open OR EXISTS (SELECT FROM notice_trouble k WHERE k.pipeline_id = u.pipeline_id AND k.open)
   ORDER BY u.pipeline_id
  ON CONFLICT (pipeline_id) DO UPDATE
     SET open = excluded.open,
         -- what was wrong is remembered when it is over: the last message says so
         trouble = CASE WHEN excluded.open THEN excluded.trouble ELSE t.trouble END,
         opened_at = CASE WHEN excluded.open AND NOT t.open THEN excluded.opened_at ELSE t.opened_at END,
         closed_at = CASE WHEN excluded.open THEN NULL ELSE excluded.opened_at END,
         flips = CASE WHEN excluded.open <> t.open THEN (t.flips || excluded.flips)[greatest(1, cardinality(t.flips) - ${FLIPS - 2}):] ELSE t.flips END,
         revision = t.revision + 1,
         look_at = excluded.look_at`,
);

export async function saveTroubles(query: Query, changes: readonly TroubleChange[], now: number): Promise<void> {
  if (changes.length === 0) return;
  await query(SAVE_TROUBLES, [
    numbers(changes.map(({ pipeline_id }) => pipeline_id)),
    numbers(changes.map(({ open }) => open)),
    texts(changes.map(({ trouble }) => JSON.stringify(trouble))),
    times(changes.map(({ at }) => at)),
    now / 1000,
  ]);
}
