import type { RunEntry } from "../../../domain/runs/runs-of-commit.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { numbers, times } from "../connection/values/array-literals.ts";
import { bigint } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";

/** What is in the rollup already. */
function takenFrom(rollup: "hour" | "day" | "month", before = "'infinity'::timestamptz"): string {
  return `
  from_${rollup} AS (
    UPDATE sla_${rollup} s
       SET total = s.total - d.total, passed = s.passed - d.passed, excluded = s.excluded - d.excluded
      FROM (SELECT pipeline_id, subject_id, date_trunc('${rollup}', at, 'UTC') AS since,
                   count(*) FILTER (WHERE NOT excluded) AS total,
                   count(*) FILTER (WHERE passed AND NOT excluded) AS passed, count(*) FILTER (WHERE excluded) AS excluded
              FROM gone JOIN pipeline USING (pipeline_id) WHERE at < ${before} GROUP BY 1, 2, 3) d
     WHERE s.pipeline_id = d.pipeline_id AND s.kind = 'run' AND s.subject_id = d.subject_id AND s.${rollup} = d.since)`;
}

export const TAKE_BACK_RUN_EVENTS = statement(
  "take_back_run_events",
  { count: bigint },
  `
  WITH gone AS (
    DELETE FROM sla_event e
     USING unnest($1::int[], $2::bigint[], $3::float8[], $4::float8[]) AS u (pipeline_id, run_key, since, until)
     WHERE e.pipeline_id = u.pipeline_id AND e.kind = 'run' AND e.run_key = u.run_key
       AND e.at >= to_timestamp(u.since) AND e.at <= to_timestamp(u.until)
    RETURNING e.pipeline_id, e.subject_id, e.at, e.passed, e.excluded),
  ${takenFrom("hour", "sla_hours_until")},
  ${takenFrom("day")},
  ${takenFrom("month", "sla_months_until")}
  SELECT count(*) AS count FROM gone`,
);

/** An hour or day in which nothing is left to count is as one in which nothing happened. */
const forgetEmpty = (rollup: "hour" | "day") => `
  DELETE FROM sla_${rollup} s
   USING unnest($1::int[], $2::float8[], $3::float8[]) AS u (pipeline_id, since, until)
   WHERE s.pipeline_id = u.pipeline_id AND s.kind = 'run' AND s.total = 0 AND s.excluded = 0
     AND s.${rollup} >= date_trunc('${rollup}', to_timestamp(u.since), 'UTC') AND s.${rollup} <= to_timestamp(u.until)`;

export const FORGET_HOURS = statement("forget_empty_hours", {}, forgetEmpty("hour"));
export const FORGET_DAYS = statement("forget_empty_days", {}, forgetEmpty("day"));

/**
 * Takes the events of these runs out of the SLA of runs, with what they are in its rollups. The pipelines are locked. A run of
 * version 0.1 may have several, at times that are not known.
 */
export async function takeBackRunEvents(
  query: Query,
  pipelines: NameTable,
  entries: readonly RunEntry[],
): Promise<void> {
  const stored = entries.filter(({ placed, word }) => placed === null || word !== null);
  if (stored.length === 0) return;
  const pipelineIds = numbers(stored.map(({ run }) => pipelines.id(run.pipeline_name)));
  const since = times(stored.map(({ placed, word, run }) => (placed === null ? run.first_at : word!.at)));
  const until = times(stored.map(({ placed, word }) => (placed === null ? Number.POSITIVE_INFINITY : word!.at)));
  const keys = numbers(stored.map(({ key }) => key));
  await Promise.all([
    query(TAKE_BACK_RUN_EVENTS, [pipelineIds, keys, since, until]),
    query(FORGET_HOURS, [pipelineIds, since, until]),
    query(FORGET_DAYS, [pipelineIds, since, until]),
  ]);
}
