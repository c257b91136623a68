import type pg from "pg";

/** Every table by the names in it, without what depends on when and in which order rows were written. */
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
  sla_hour: `SELECT pipeline_name, kind, hour, n.name AS subject, total, passed, excluded
               FROM sla_hour JOIN pipeline USING (pipeline_id) JOIN name n ON n.name_id = subject_id`,
  sla_day: `SELECT pipeline_name, kind, day, n.name AS subject, total, passed, excluded
              FROM sla_day JOIN pipeline USING (pipeline_id) JOIN name n ON n.name_id = subject_id`,
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
  sla_event: `SELECT pipeline_name, kind, n.name AS subject, run_id, passed, excluded, at
                FROM sla_event JOIN pipeline USING (pipeline_id) JOIN name n ON n.name_id = subject_id
                LEFT JOIN run USING (run_key)`,
  gate: `SELECT pipeline_name, decision, allowed, reasons, override, run_id, run_order, data_interval_end, ended_once,
                evidence_at, valid_until, policy_version FROM gate JOIN pipeline USING (pipeline_id)`,
  report_id: "SELECT id_hash, content_hash FROM report_id",
};

export async function dump(db: pg.Pool): Promise<Record<string, string[]>> {
  const entries = await Promise.all(
    Object.entries(TABLES).map(async ([table, text]) => {
      const { rows } = await db.query(text);
      return [table, rows.map((row) => JSON.stringify(row)).sort()] as const;
    }),
  );
  return Object.fromEntries(entries);
}
