import { IS_BUSY } from "../../src/adapters/postgres/sla/fold.ts";

/** A step and its SQL. `fill` is a temporary table of one row: the sizes. */
type Step = [step: string, sql: string];

/** Every pipeline runs `runs` times, one after the other, so that the rows of all of them lie in the order of time. */
const RUNS = `
  SELECT r.r, p.p, p.pipeline_id, 1 + r.r::bigint * f.pipelines + p.p AS run_key,
         f.until - (f.runs - r.r) * f.every + (p.p::float8 / f.pipelines) * f.every * 0.9 AS at, f.*
    FROM fill f
   CROSS JOIN LATERAL generate_series(0, f.runs - 1) AS r (r)
   CROSS JOIN LATERAL (
           SELECT pipeline_id, (row_number() OVER (ORDER BY pipeline_id))::int - 1 AS p FROM pipeline
         ) p`;

const FAILED = "(r.run_key % 37 = 0)";
const SCORE = "(0.7 + ((r.run_key * 7 + k) % 29) / 100.0)";
const nameId = (name: string) => `(SELECT name_id FROM name WHERE name = ${name})`;

export const NAMES: Step[] = [
  [
    "pipelines",
    `INSERT INTO pipeline (pipeline_name, born_at)
     SELECT 'pipeline_' || lpad(i::text, 5, '0'), f.until - f.days * interval '1 day'
       FROM fill f, generate_series(0, f.pipelines - 1) i`,
  ],
  [
    "names",
    `INSERT INTO name (name)
     SELECT 'check_' || lpad(i::text, 4, '0') FROM fill f, generate_series(0, f.checks - 1) i
      UNION ALL SELECT unnest(ARRAY['extract', 'load', 'orders', 'vector_search', 'feature_a', 'feature_b', ''])
     ON CONFLICT DO NOTHING`,
  ],
  [
    "checks",
    `CREATE TEMP TABLE fill_check AS
     SELECT array_agg(name_id ORDER BY name) AS ids FROM name WHERE name LIKE 'check\\_%'`,
  ],
];

export const HISTORY: Step[] = [
  [
    "runs",
    `INSERT INTO run (run_key, pipeline_id, run_id, run_order, first_at, status, attempt, started_at, finished_at,
                      duration_seconds, error, ended, ended_once)
     SELECT run_key, pipeline_id, 'run-' || r.r, at, at, CASE WHEN ${FAILED} THEN 'failed' ELSE 'success' END, 1, at,
            at + interval '10 min', 600, CASE WHEN ${FAILED} THEN 'OutOfMemory' END, true, true
       FROM (${RUNS}) r`,
  ],
  ["keys of runs", "SELECT setval(pg_get_serial_sequence('run', 'run_key'), (SELECT max(run_key) FROM run))"],
  [
    "outcomes of runs",
    `INSERT INTO run_outcome (run_key, attempt, status, at, started_at, finished_at, duration_seconds, error, observed)
     SELECT run_key, 1, status, finished_at, started_at, finished_at, duration_seconds, error, true FROM run`,
  ],
  [
    "quality results",
    `INSERT INTO quality_result (pipeline_id, check_id, run_key, attempt, score, threshold, passed, severity, checked_at,
                                 recorded_at)
     SELECT r.pipeline_id, c.ids[1 + k % r.checks], r.run_key, 1, ${SCORE}, 0.72, ${SCORE} >= 0.72, 'error', r.at, r.at
       FROM (${RUNS}) r CROSS JOIN fill_check c CROSS JOIN LATERAL generate_series(0, r.rows_of_run - 1) k`,
  ],
  [
    "records",
    `INSERT INTO records_report (pipeline_id, stage_id, part_id, run_key, attempt, count, failed, at, recorded_at)
     SELECT r.pipeline_id, ${nameId("s")}, ${nameId("''")}, r.run_key, 1, 100000, 3, r.at, r.at
       FROM (${RUNS}) r, unnest(ARRAY['extract', 'load']) s`,
  ],
  [
    "freshness",
    `INSERT INTO freshness_report (pipeline_id, dataset_id, run_key, data_through, at, recorded_at)
     SELECT r.pipeline_id, ${nameId("'orders'")}, r.run_key, r.at, r.at, r.at FROM (${RUNS}) r`,
  ],
  [
    "verdicts",
    `INSERT INTO drift_result (pipeline_id, feature_id, run_key, verdict, psi, p_value, critical_psi, threshold, alpha,
                               n_reference, n_current, at, recorded_at)
     SELECT r.pipeline_id, ${nameId("f")}, r.run_key, CASE WHEN r.run_key % 31 = 0 THEN 'drifted' ELSE 'stable' END,
            (r.run_key % 31) / 100.0, 0.5, 0.1, 0.2, 0.001, 10000, 10000, r.at, r.at
       FROM (${RUNS}) r, unnest(ARRAY['feature_a', 'feature_b']) f`,
  ],
  [
    "judged runs",
    `INSERT INTO sla_event (pipeline_id, kind, subject_id, run_key, passed, value, threshold, at, recorded_at)
     SELECT r.pipeline_id, 'run', ${nameId("''")}, r.run_key, NOT ${FAILED}, NULL, NULL, r.at, r.at FROM (${RUNS}) r`,
  ],
  [
    "decisions",
    `INSERT INTO gate_transition (pipeline_id, decision_id, revision, cause, from_decision, decision, allowed, reasons, run_id,
                                  evidence, policy_version, at)
     SELECT r.pipeline_id, gen_random_uuid(), r.r + 1, 'evidence', 'pass', CASE WHEN ${FAILED} THEN 'block' ELSE 'pass' END,
            NOT ${FAILED}, '[]', 'run-' || r.r, '{}', 'filled', r.at
       FROM (${RUNS}) r WHERE r.r % 5 = 0 OR ${FAILED}`,
  ],
];

/** What gates, pages and gauges look at: the latest runs. */
export const EVIDENCE: Step[] = [
  [
    "checks of runs",
    `INSERT INTO run_check (run_key, check_id, at, score, threshold, severity)
     SELECT r.run_key, c.ids[1 + k], r.at, ${SCORE}, 0.72, 'error'
       FROM (${RUNS}) r CROSS JOIN fill_check c CROSS JOIN LATERAL generate_series(0, r.checks - 1) k
      WHERE r.r >= r.runs - r.with_checks`,
  ],
  [
    "records of runs",
    `INSERT INTO run_records (run_key, stage_id, part_id, attempt, count, failed)
     SELECT r.run_key, ${nameId("s")}, ${nameId("''")}, 1, 100000, 3
       FROM (${RUNS}) r, unnest(ARRAY['extract', 'load']) s`,
  ],
  [
    "features of runs",
    `INSERT INTO run_feature (run_key, feature_id, at, verdict, psi, p_value, threshold, n_current, histogram)
     SELECT r.run_key, ${nameId("f")}, r.at, CASE WHEN r.run_key % 31 = 0 THEN 'drifted' ELSE 'stable' END,
            (r.run_key % 31) / 100.0, 0.5, 0.2, 10000,
            '{"kind": "numeric", "edges": [0, 1, 2], "counts": [3000, 4000, 2000, 1000], "nulls": 0}'
       FROM (${RUNS}) r, unnest(ARRAY['feature_a', 'feature_b']) f WHERE r.r >= r.runs - r.with_checks`,
  ],
];

export const STATE: Step[] = [
  [
    "state of the pipelines",
    `UPDATE pipeline p
        SET last_success_at = s.at, last_success_order = s.at, last_failure_at = s.failed_at, last_failure_order = s.failed_at,
            last_duration_seconds = 600, recent_orders = s.recent
       FROM (SELECT pipeline_id, max(finished_at) FILTER (WHERE status = 'success') AS at,
                    max(finished_at) FILTER (WHERE status = 'failed') AS failed_at,
                    (array_agg(run_order ORDER BY run_order DESC))[1:2] AS recent
               FROM run GROUP BY pipeline_id) s
      WHERE p.pipeline_id = s.pipeline_id`,
  ],
  [
    "totals of runs",
    "INSERT INTO run_total (pipeline_id, status, total) SELECT pipeline_id, status, count(*) FROM run GROUP BY 1, 2",
  ],
  [
    "totals of records",
    `INSERT INTO records_total (pipeline_id, stage_id, processed, failed, born_at)
     SELECT pipeline_id, stage_id, sum(count), sum(failed), min(at) FROM records_report GROUP BY 1, 2`,
  ],
  [
    "freshness of datasets",
    `INSERT INTO dataset_freshness (pipeline_id, dataset_id, data_through)
     SELECT pipeline_id, dataset_id, max(data_through) FROM freshness_report GROUP BY 1, 2`,
  ],
  [
    "notices",
    `INSERT INTO notice (notice_id, kind, channel, pipeline_id, pipeline_names, code, severity, title, message, state, created_at,
                         next_attempt_at, give_up_at, attempts, sent_at)
     SELECT gen_random_uuid(), 'blocked', 'filled', r.pipeline_id, ARRAY[p.pipeline_name], 'run_failed', 'critical',
            p.pipeline_name || ' is blocked', '{}', 'sent', r.at, r.at, r.at + interval '1 day', 1, r.at
       FROM (${RUNS}) r JOIN pipeline p USING (pipeline_id) WHERE ${FAILED}`,
  ],
];

/** In the order of their keys, as the agent's clock would have added them up: hours of busy days alone. */
export const ROLLUPS: Step[] = [
  [
    "quality by day",
    `INSERT INTO sla_day (pipeline_id, kind, day, subject_id, total, passed, excluded)
     SELECT pipeline_id, 'quality', date_trunc('day', checked_at), check_id, count(*), count(*) FILTER (WHERE passed), 0
       FROM quality_result GROUP BY 1, 3, 4 ORDER BY 1, 3, 4`,
  ],
  [
    "runs by day",
    `INSERT INTO sla_day (pipeline_id, kind, day, subject_id, total, passed, excluded)
     SELECT pipeline_id, kind, date_trunc('day', at), subject_id, count(*), count(*) FILTER (WHERE passed), 0
       FROM sla_event GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4`,
  ],
  [
    "quality by hour",
    `INSERT INTO sla_hour (pipeline_id, kind, hour, subject_id, total, passed, excluded)
     SELECT q.pipeline_id, 'quality', date_trunc('hour', checked_at), check_id, count(*), count(*) FILTER (WHERE passed), 0
       FROM quality_result q
       JOIN (SELECT pipeline_id, day FROM sla_day WHERE kind = 'quality' GROUP BY 1, 2 HAVING ${IS_BUSY}) busy
         ON busy.pipeline_id = q.pipeline_id AND busy.day = date_trunc('day', q.checked_at)
      GROUP BY 1, 3, 4 ORDER BY 1, 3, 4`,
  ],
  [
    "by month",
    `INSERT INTO sla_month (pipeline_id, kind, month, subject_id, total, passed, excluded)
     SELECT pipeline_id, kind, date_trunc('month', day), subject_id, sum(total), sum(passed), sum(excluded)
       FROM sla_day WHERE day < date_trunc('month', now()) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
  ],
  [
    "added up until",
    `UPDATE pipeline SET sla_hours_until = date_trunc('hour', now()) + interval '1 hour', sla_months_until = date_trunc('month', now())`,
  ],
];
