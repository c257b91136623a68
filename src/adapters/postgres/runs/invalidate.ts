import type { Query } from "../connection/query.ts";
import { bigint, integer, time } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";

export const INVALIDATE_RUN = statement(
  "invalidate_run",
  { run_key: bigint, since: time },
  `
  UPDATE run SET invalidated_at = to_timestamp($3::float8), invalidated_by = $4, invalidated_reason = $5
   WHERE pipeline_id = $1 AND run_id = $2 AND invalidated_at IS NULL
  RETURNING run_key, least(first_at, to_timestamp((
              SELECT min((m ->> 'own_at')::float8) FROM jsonb_array_elements(marks) m) / 1000)) AS since`,
);

/** Moves what the rows count from the rollups' total to excluded: those that are in the rollup already. */
function moveRollup(rollup: "hour" | "day" | "month", before = "'infinity'::timestamptz"): string {
  return `
  moved_${rollup} AS (
    UPDATE sla_${rollup} s
       SET total = s.total - d.total, passed = s.passed - d.passed, excluded = s.excluded + d.total
      FROM (SELECT kind, subject_id, date_trunc('${rollup}', at, 'UTC') AS since, count(*) AS total,
                   count(*) FILTER (WHERE passed) AS passed
              FROM judged WHERE at < (SELECT ${before} FROM pipeline WHERE pipeline_id = $1) GROUP BY 1, 2, 3) d
     WHERE s.pipeline_id = $1 AND s.kind = d.kind AND s.subject_id = d.subject_id AND s.${rollup} = d.since)`;
}

/** Nothing of a run is true before its earliest time, which spares the months before it. */
export const EXCLUDE_RUN = statement(
  "exclude_run",
  { count: bigint },
  `
  WITH quality AS (
    UPDATE quality_result SET excluded = true
     WHERE pipeline_id = $1 AND run_key = $2 AND checked_at >= to_timestamp($3::float8) AND NOT excluded
    RETURNING check_id, checked_at, passed),
  events AS (
    UPDATE sla_event SET excluded = true
     WHERE pipeline_id = $1 AND run_key = $2 AND at >= to_timestamp($3::float8) AND NOT excluded
    RETURNING kind, subject_id, at, passed),
  drift AS (
    UPDATE drift_result SET excluded = true
     WHERE pipeline_id = $1 AND run_key = $2 AND at >= to_timestamp($3::float8) AND NOT excluded),
  judged AS (
    SELECT 'quality' AS kind, check_id AS subject_id, checked_at AS at, passed FROM quality WHERE passed IS NOT NULL
    UNION ALL SELECT kind, subject_id, at, passed FROM events),
  ${moveRollup("hour", "sla_hours_until")},
  ${moveRollup("day")},
  ${moveRollup("month", "sla_months_until")}
  SELECT count(*) AS count FROM judged`,
);

export const RUN_KNOWN = statement(
  "run_known",
  { known: integer },
  "SELECT 1 AS known FROM run WHERE pipeline_id = $1 AND run_id = $2",
);

/** The pipeline is locked. null: no such run; false: it was out already. */
export async function invalidateRun(
  query: Query,
  pipeline_id: number,
  run_id: string,
  { actor, reason, at }: { actor: string; reason: string; at: number },
): Promise<boolean | null> {
  const marked = await query(INVALIDATE_RUN, [pipeline_id, run_id, at / 1000, actor, reason]);
  const [run] = marked;
  if (run !== undefined) {
    await query(EXCLUDE_RUN, [pipeline_id, run.run_key, run.since / 1000]);
    return true;
  }
  return (await query(RUN_KNOWN, [pipeline_id, run_id])).length > 0 ? false : null;
}
