import type { Query } from "./query.ts";

/** Nothing of a run was reported before its first_at, which spares the months before it. */
const LOOSEN = `
  WITH gone AS (
    DELETE FROM run r
     WHERE r.run_key = $2 AND r.pipeline_id = $1
       AND NOT EXISTS (SELECT FROM run_outcome o WHERE o.run_key = r.run_key)
       AND NOT EXISTS (SELECT FROM run_records c WHERE c.run_key = r.run_key)
    RETURNING run_key, first_at),
  quality AS (
    UPDATE quality_result q SET run_key = NULL FROM gone
     WHERE q.pipeline_id = $1 AND q.run_key = gone.run_key AND q.checked_at >= gone.first_at
    RETURNING q.checked_at AS at),
  drift AS (
    UPDATE drift_result d SET run_key = NULL FROM gone
     WHERE d.pipeline_id = $1 AND d.run_key = gone.run_key AND d.at >= gone.first_at
    RETURNING d.at),
  events AS (
    UPDATE sla_event e SET run_key = NULL FROM gone
     WHERE e.pipeline_id = $1 AND e.run_key = gone.run_key AND e.at >= gone.first_at),
  windows AS (
    UPDATE drift_window w SET run_key = NULL FROM gone WHERE w.pipeline_id = $1 AND w.run_key = gone.run_key),
  run_features AS (
    DELETE FROM run_feature f USING gone WHERE f.run_key = gone.run_key
    RETURNING f.feature_id, f.at, f.n_current, f.histogram),
  histograms AS (
    INSERT INTO loose_histogram (pipeline_id, feature_id, at, n_current, histogram)
    SELECT $1, feature_id, at, n_current, histogram FROM run_features
        ON CONFLICT DO NOTHING),
  run_checks AS (DELETE FROM run_check c USING gone WHERE c.run_key = gone.run_key),
  run_latencies AS (DELETE FROM run_latency l USING gone WHERE l.run_key = gone.run_key),
  run_freshnesses AS (DELETE FROM run_freshness f USING gone WHERE f.run_key = gone.run_key)
  SELECT greatest((SELECT max(at) FROM quality), (SELECT max(at) FROM drift)) AS last_at FROM gone`;

/**
 * Lets go of a run-less run that holds quality and drift alone, now that runs of its pipeline turn out to have ids: what it
 * holds counts by its time, as if the first of them had been heard of before. null: it is a run of its own, and stays.
 */
export async function loosenRun(
  query: Query,
  pipeline_id: number,
  run_key: number,
): Promise<{ last_at: number | null } | null> {
  const [row] = await query<{ last_at: number | null }>("loosen_run", LOOSEN, [pipeline_id, run_key]);
  return row ?? null;
}
