import { type Query, some } from "./invariants.ts";

/** Each statement gives series as they must stand on /metrics: name with labels, and the value. */
const SHOWN = [
  `SELECT 'pipeline_runs_total{pipeline_name="' || pipeline_name || '",status="' || status || '"}' AS series, total::float8 AS value
     FROM run_total JOIN pipeline USING (pipeline_id)`,
  `SELECT 'pipeline_duration_seconds_count{pipeline_name="' || pipeline_name || '"}' AS series, count::float8 AS value
     FROM duration_total JOIN pipeline USING (pipeline_id)`,
  `SELECT 'records_processed_total{pipeline_name="' || pipeline_name || '",stage="' || name || '"}' AS series, processed::float8 AS value
     FROM records_total JOIN pipeline USING (pipeline_id) JOIN name ON name_id = stage_id`,
  `SELECT 'records_failed_total{pipeline_name="' || pipeline_name || '",stage="' || name || '"}' AS series, failed::float8 AS value
     FROM records_total JOIN pipeline USING (pipeline_id) JOIN name ON name_id = stage_id`,
  `SELECT 'vector_search_latency_seconds_count{pipeline_name="' || pipeline_name || '"}' AS series, count::float8 AS value
     FROM latency_total JOIN pipeline USING (pipeline_id) JOIN name ON name_id = operation_id WHERE name = 'vector_search'`,
  `SELECT 'operation_latency_seconds_count{pipeline_name="' || pipeline_name || '",operation="' || name || '"}' AS series, count::float8 AS value
     FROM latency_total JOIN pipeline USING (pipeline_id) JOIN name ON name_id = operation_id WHERE name <> 'vector_search'`,
  `SELECT 'operation_latency_seconds_sum{pipeline_name="' || pipeline_name || '",operation="' || name || '"}' AS series, (sum_nanoseconds / 1000000000)::float8 AS value
     FROM latency_total JOIN pipeline USING (pipeline_id) JOIN name ON name_id = operation_id WHERE name <> 'vector_search'`,
  `SELECT 'gate_allowed{pipeline_name="' || pipeline_name || '"}' AS series, allowed::int::float8 AS value
     FROM gate JOIN pipeline USING (pipeline_id)`,
  `SELECT 'gate_decisions_total{decision="' || decision || '",code="' || code || '"}' AS series, sum(total)::float8 AS value
     FROM gate_decision_total GROUP BY decision, code`,
  `SELECT 'data_through_timestamp_seconds{pipeline_name="' || pipeline_name || '",dataset="' || name || '"}' AS series, extract(epoch FROM data_through)::float8 AS value
     FROM dataset_freshness JOIN pipeline USING (pipeline_id) JOIN name ON name_id = dataset_id`,
];

/** Sums of seconds are printed as floats. */
const CLOSE = 1e-9;

/** Where /metrics shows something else than the store holds. */
export async function expositionProblems(query: Query, metrics: string): Promise<string[]> {
  const shown = valuesOf(metrics);
  const wrong: string[] = [];
  for (const statement of SHOWN) {
    for (const { series, value } of await query(statement)) {
      const seen = shown.get(String(series));
      const wanted = Number(value);
      if (seen === undefined || Math.abs(seen - wanted) > CLOSE * Math.max(1, Math.abs(wanted))) {
        wrong.push(`${series} is ${seen ?? "missing"}, the store says ${wanted}`);
      }
    }
  }
  return wrong.length === 0 ? [] : [`/metrics differs from the store in ${wrong.length} series: ${some(wrong)}`];
}

function valuesOf(metrics: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of metrics.split("\n")) {
    const [, series, value] = /^([a-zA-Z_:][^ ]*) +(\S+)$/.exec(line) ?? [];
    if (series !== undefined) values.set(series, Number(value));
  }
  return values;
}
