import type { Query } from "../../connection/query.ts";
import { numbers } from "../../connection/values/array-literals.ts";
import { bigint, integer } from "../../statement/columns.ts";
import { statement } from "../../statement/statement.ts";

/** Earlier good runs that are looked through for a stage that holds nothing now. */
const GOOD_RUNS = 100;

/** A stage that never had any is told by its total, without looking through runs. */
export const STAGES_THAT_HELD_ROWS = statement(
  "stages_that_held_rows",
  { run_key: bigint, stage_id: integer },
  `
  SELECT u.run_key, u.stage_id
    FROM unnest($1::bigint[], $2::int[]) AS u (run_key, stage_id)
    JOIN run s USING (run_key)
   WHERE EXISTS (SELECT FROM records_total o
                  WHERE o.pipeline_id = s.pipeline_id AND o.stage_id = u.stage_id AND o.processed > 0)
     AND EXISTS (SELECT FROM (SELECT e.run_key, e.records_from FROM run e
                               WHERE e.pipeline_id = s.pipeline_id AND e.run_order < s.run_order
                                 AND e.status = 'success' AND e.ended AND e.invalidated_at IS NULL
                               ORDER BY e.run_order DESC, e.run_key DESC LIMIT ${GOOD_RUNS}) good
                   JOIN run_records h ON h.run_key = good.run_key AND h.attempt_no >= good.records_from
                        AND h.stage_id = u.stage_id AND h.count > 0)`,
);

/** Which of these stages of runs had records in an earlier good run. */
export async function heldRows(
  query: Query,
  empty: readonly { run_key: number; stage_id: number }[],
): Promise<(run_key: number, stage_id: number) => boolean> {
  if (empty.length === 0) return () => false;
  const held = await query(STAGES_THAT_HELD_ROWS, [
    numbers(empty.map(({ run_key }) => run_key)),
    numbers(empty.map(({ stage_id }) => stage_id)),
  ]);
  const known = new Set(held.map(({ run_key, stage_id }) => `${run_key} ${stage_id}`));
  return (run_key, stage_id) => known.has(`${run_key} ${stage_id}`);
}
