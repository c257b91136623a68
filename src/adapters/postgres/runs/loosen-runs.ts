import type { Loosened } from "../../../ports.ts";
import type { Query } from "../connection/query.ts";
import { numbers } from "../connection/values/array-literals.ts";
import { bigint, integer, nullable, time } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";

/** Nothing of a run was reported before its first_at, which spares the months before it. */
export const LOOSEN_RUNS = statement(
  "loosen_runs",
  { pipeline_id: integer, run_key: bigint, last_at: nullable(time) },
  `
  WITH gone AS (
    DELETE FROM run r
     WHERE r.pipeline_id = ANY ($1::int[]) AND r.runless AND coalesce(jsonb_array_length(r.marks), 0) = 0
       AND NOT EXISTS (SELECT FROM run_outcome o WHERE o.run_key = r.run_key)
       AND NOT EXISTS (SELECT FROM run_records c WHERE c.run_key = r.run_key)
    RETURNING pipeline_id, run_key, first_at),
  quality AS (
    UPDATE quality_result q SET run_key = NULL FROM gone
     WHERE q.pipeline_id = gone.pipeline_id AND q.run_key = gone.run_key AND q.checked_at >= gone.first_at
    RETURNING gone.run_key, q.checked_at AS at),
  drift AS (
    UPDATE drift_result d SET run_key = NULL FROM gone
     WHERE d.pipeline_id = gone.pipeline_id AND d.run_key = gone.run_key AND d.at >= gone.first_at
    RETURNING gone.run_key, d.at),
  schemas AS (
    UPDATE schema_report d SET run_key = NULL FROM gone
     WHERE d.pipeline_id = gone.pipeline_id AND d.run_key = gone.run_key AND d.at >= gone.first_at
    RETURNING gone.run_key, d.at),
  events AS (
    UPDATE sla_event e SET run_key = NULL FROM gone
     WHERE e.pipeline_id = gone.pipeline_id AND e.run_key = gone.run_key AND e.at >= gone.first_at),
  windows AS (
    UPDATE drift_window w SET run_key = NULL FROM gone
     WHERE w.pipeline_id = gone.pipeline_id AND w.run_key = gone.run_key),
  run_features AS (
    DELETE FROM run_feature f USING gone WHERE f.run_key = gone.run_key
    RETURNING gone.pipeline_id, f.feature_id, f.at, f.n_current, f.histogram),
  histograms AS (
    INSERT INTO loose_histogram AS l (pipeline_id, feature_id, at, n_current, histogram)
    SELECT DISTINCT ON (pipeline_id, feature_id) pipeline_id, feature_id, at, n_current, histogram
      FROM run_features WHERE histogram IS NOT NULL ORDER BY pipeline_id, feature_id, at DESC, n_current DESC
        ON CONFLICT (pipeline_id, feature_id) DO UPDATE
       SET at = excluded.at, n_current = excluded.n_current, histogram = excluded.histogram WHERE excluded.at > l.at),
  run_checks AS (DELETE FROM run_check c USING gone WHERE c.run_key = gone.run_key),
  run_schemas AS (DELETE FROM run_schema c USING gone WHERE c.run_key = gone.run_key),
  run_latencies AS (DELETE FROM run_latency l USING gone WHERE l.run_key = gone.run_key),
  run_freshnesses AS (DELETE FROM run_freshness f USING gone WHERE f.run_key = gone.run_key),
  rejected AS (DELETE FROM rejected_item i USING gone WHERE i.run_key = gone.run_key)
  SELECT pipeline_id, run_key, greatest((SELECT max(at) FROM quality q WHERE q.run_key = gone.run_key),
                                        (SELECT max(at) FROM drift d WHERE d.run_key = gone.run_key),
                                        (SELECT max(at) FROM schemas d WHERE d.run_key = gone.run_key)) AS last_at
    FROM gone`,
);

/**
 * Lets go of run-less runs that hold quality, drift and schemas alone, now that runs of their pipelines turn out to have ids: what they
 * hold counts by its time, as if the first of those had been heard of before.
 */
export function loosenRuns(query: Query, pipeline_ids: readonly number[]): Promise<Loosened[]> {
  return query(LOOSEN_RUNS, [numbers(pipeline_ids)]);
}
