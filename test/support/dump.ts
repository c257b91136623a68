import type pg from "pg";

/** Tables by the names in them, without what depends on when and in which order rows were written. */
const TABLES: Record<string, string> = {
  pipeline: `SELECT pipeline_name, recent_orders, last_success_at, last_success_order, last_failure_at, last_failure_order,
                    last_duration_seconds FROM pipeline WHERE born_at IS NOT NULL`,
  run: `SELECT pipeline_name, run_id, run_order, first_at, status, attempt, started_at, finished_at, duration_seconds, error,
               ended, ended_once, data_interval_start, data_interval_end, traceparent, logical_date, attempt_no, evidence_from,
               records_from, evidence_since, given_up_at, runless
          FROM run JOIN pipeline USING (pipeline_id)`,
  // Which of the ends of an attempt was counted depends on the way, not how many were.
  run_marks: `SELECT pipeline_name, run_id, m - 'counted' - 'duration_counted' AS mark
                FROM run JOIN pipeline USING (pipeline_id), jsonb_array_elements(marks) m`,
  run_records: `SELECT pipeline_name, run_id, s.name AS stage, t.name AS part, r.attempt, r.try, r.attempt_no, r.try_no, r.count,
                       r.failed, r.expected_min, r.stage_expected_min, r.first_at, r.last_at
                  FROM run_records r JOIN run USING (run_key) JOIN pipeline USING (pipeline_id)
                  JOIN name s ON s.name_id = stage_id JOIN name t ON t.name_id = part_id`,
  run_check: `SELECT pipeline_name, run_id, c.name AS check_name, r.attempt, r.try, r.attempt_no, r.try_no, r.at, r.score,
                     r.threshold, r.severity, r.error
                FROM run_check r JOIN run USING (run_key) JOIN pipeline USING (pipeline_id) JOIN name c ON c.name_id = check_id`,
  data_quality_sla: `SELECT pipeline_name, check_name, score, threshold, passed, checked_at, run_id, attempt, severity
                       FROM data_quality_sla`,
  records_report: `SELECT pipeline_name, run_id, s.name AS stage, t.name AS part, r.attempt, r.try, r.count,
                          r.failed, r.expected_min, r.stage_expected_min, r.at
                     FROM records_report r JOIN pipeline USING (pipeline_id) LEFT JOIN run USING (run_key)
                     JOIN name s ON s.name_id = stage_id JOIN name t ON t.name_id = part_id`,
  latency_report: `SELECT pipeline_name, run_id, o.name AS operation, r.at, r.count, r.sum_nanoseconds, r.buckets
                     FROM latency_report r JOIN pipeline USING (pipeline_id) LEFT JOIN run USING (run_key)
                     JOIN name o ON o.name_id = operation_id`,
  freshness_report: `SELECT pipeline_name, run_id, d.name AS dataset, r.data_through, r.at
                       FROM freshness_report r JOIN pipeline USING (pipeline_id) LEFT JOIN run USING (run_key)
                       JOIN name d ON d.name_id = dataset_id`,
  sla_day: `SELECT pipeline_name, kind, day, n.name AS subject, total, passed, excluded
              FROM sla_day JOIN pipeline USING (pipeline_id) JOIN name n ON n.name_id = subject_id`,
  sla_month: `SELECT pipeline_name, kind, month, n.name AS subject, total, passed, excluded
                FROM sla_month JOIN pipeline USING (pipeline_id) JOIN name n ON n.name_id = subject_id
               WHERE total + excluded > 0`,
  run_total: "SELECT pipeline_name, status, total FROM run_total JOIN pipeline USING (pipeline_id)",
  // Which of several stated durations of one attempt is observed depends on the way.
  duration_total: "SELECT pipeline_name, count FROM duration_total JOIN pipeline USING (pipeline_id)",
  records_total: `SELECT pipeline_name, n.name AS stage, processed, failed
                    FROM records_total JOIN pipeline USING (pipeline_id) JOIN name n ON n.name_id = stage_id`,
  latency_total: `SELECT pipeline_name, n.name AS operation, buckets, count, sum_nanoseconds
                    FROM latency_total JOIN pipeline USING (pipeline_id) JOIN name n ON n.name_id = operation_id`,
  dataset_freshness: `SELECT pipeline_name, n.name AS dataset, data_through
                        FROM dataset_freshness JOIN pipeline USING (pipeline_id) JOIN name n ON n.name_id = dataset_id`,
  run_latency: `SELECT pipeline_name, run_id, n.name AS operation, buckets, count, sum_nanoseconds
                  FROM run_latency JOIN run USING (run_key) JOIN pipeline USING (pipeline_id)
                  JOIN name n ON n.name_id = operation_id`,
  run_freshness: `SELECT pipeline_name, run_id, n.name AS dataset, data_through
                    FROM run_freshness JOIN run USING (run_key) JOIN pipeline USING (pipeline_id)
                    JOIN name n ON n.name_id = dataset_id`,
  schema_version: `SELECT pipeline_name, version, shape, complete, columns, seen_on
                     FROM schema_version JOIN pipeline USING (pipeline_id)`,
  run_schema: `SELECT pipeline_name, run_id, n.name AS dataset, r.attempt, r.try, r.attempt_no, r.try_no, r.at, r.version
                 FROM run_schema r JOIN run USING (run_key) JOIN pipeline USING (pipeline_id)
                 JOIN name n ON n.name_id = dataset_id`,
  schema_report: `SELECT pipeline_name, run_id, n.name AS dataset, r.attempt, r.try, r.at, r.version
                    FROM schema_report r JOIN pipeline USING (pipeline_id) LEFT JOIN run USING (run_key)
                    JOIN name n ON n.name_id = dataset_id`,
  sla_event: `SELECT pipeline_name, kind, n.name AS subject, run_id, passed, excluded, at
                FROM sla_event JOIN pipeline USING (pipeline_id) JOIN name n ON n.name_id = subject_id
                LEFT JOIN run USING (run_key)`,
  // Evidence of a run that goes on decides nothing, so what a pending gate says beside that word is of when it was decided.
  gate: `SELECT pipeline_name, decision, allowed, override, run_id, run_order, data_interval_end, ended_once, policy_version,
                CASE WHEN decision <> 'pending' THEN jsonb_build_object(
                  'reasons', reasons, 'evidence_at', evidence_at, 'valid_until', valid_until) END AS said
           FROM gate JOIN pipeline USING (pipeline_id)`,
  report_id: "SELECT id_hash, content_hash FROM report_id",
};

/** Tables that reports in another order may leave otherwise, or that the history of history.ts leaves empty. */
const NOT_COMPARED: Record<string, string> = {
  active_reference: "put by people, not by reports",
  agent: "who works on the database",
  agent_holder: "who of them holds the lease",
  change: "what others hear depends on who they are",
  drift_result: "no drift in the history; gate/run-less-order.test.ts has it in any order",
  drift_window: "no drift in the history; drift-window-sums.test.ts has it in any order",
  early_rejection: "nothing in the history is refused; gate/refused.test.ts has it in any order",
  feature_reference: "put by people, not by reports",
  gate_alert: "said by another program",
  gate_decision_total: "how many decisions there were depends on the order",
  gate_override: "said by people",
  gate_policy: "from the configuration",
  gate_transition: "which decisions there were depends on the order",
  loose_histogram: "no drift in the history; gate/run-less-order.test.ts has it in any order",
  migration: "which migrations ran",
  mute: "said by people",
  name: "its names are in the rows of the others",
  notice: "what people are told depends on when",
  notice_member: "what people are told depends on when",
  notice_thread: "what people are told depends on when",
  notice_trouble: "what people are told depends on when",
  policy_set: "from the configuration",
  quality_result: "compared as the view data_quality_sla",
  rejected_item: "nothing in the history is refused; gate/refused.test.ts has it",
  run_feature: "no drift in the history; gate/run-less-order.test.ts has it in any order",
  run_outcome: "written by version 0.1 alone",
  schema_baseline: "set by people, not by reports",
  sla_hour: "which days are kept by hour depends on when that was looked at; sla/folded.test.ts counts them",
};

/** Tables of the database that are neither compared nor left out with a reason: a new one has to be one of them. */
export async function forgottenTables(db: pg.Pool): Promise<string[]> {
  const { rows } = await db.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
  );
  return rows.map(({ relname }) => relname).filter((name) => !(name in TABLES) && !(name in NOT_COMPARED));
}

export async function dump(db: pg.Pool): Promise<Record<string, string[]>> {
  const entries = await Promise.all(
    Object.entries(TABLES).map(async ([table, text]) => {
      const { rows } = await db.query(text);
      return [table, rows.map((row) => JSON.stringify(row)).sort()] as const;
    }),
  );
  return Object.fromEntries(entries);
}
