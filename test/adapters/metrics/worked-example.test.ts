import { expect, test } from "vitest";
import { bucketIndex, DURATION_BUCKETS } from "../../../src/domain/reports/buckets.ts";
import { checkMetrics } from "./promtool.ts";
import { LONG_AGO, NOW, newMetrics } from "./support.ts";

/** The example of the mission: 50000 extracted, 48000 transformed, 47500 loaded; 50 nulls, 49800 valid of 50000. */
function workedExample() {
  const metrics = newMetrics();
  const pipeline_name = "user_features";
  const buckets = new Array<number>(DURATION_BUCKETS.length + 1).fill(0);
  buckets[bucketIndex(DURATION_BUCKETS, 42.5)] = 1;
  const records = (stage: string, processed: number) => ({
    pipeline_name,
    stage,
    processed,
    failed: 0,
    born_at: LONG_AGO,
  });
  const check = (check_name: string, score: number, threshold: number) => {
    return { pipeline_name, check_name, run_order: 1, at: NOW, score, threshold };
  };
  metrics.observe({
    births: [{ pipeline_name, born_at: LONG_AGO }],
    runs: [{ pipeline_name, status: "success", total: 1 }],
    durations: [{ pipeline_name, histogram: { buckets, sum: 42.5, count: 1 } }],
    records: [records("extract", 50_000), records("transform", 48_000), records("load", 47_500)],
    checks: [check("null_rate", 1 - 50 / 50_000, 0.95), check("schema_compliance", 49_800 / 50_000, 0.99)],
    headlines: [
      { pipeline_name, last_success_at: NOW, last_failure_at: null, last_duration_seconds: 42.5, gauge_horizon: 0 },
    ],
    freshness: [{ pipeline_name, dataset: "users", data_through: NOW }],
  });
  metrics.recorder.setSlaRates([pipeline_name], {
    checks: [{ pipeline_name, check_name: "null_rate", window: "7d", ratio: 1 }],
    pipelines: [{ pipeline_name, window: "30d", ratio: 0.99 }],
    targets: [],
  });
  return metrics;
}

test("the worked example gives exactly these lines", async () => {
  expect((await workedExample().samples()).join("\n")).toBe(
    `pipeline_runs_total{pipeline_name="user_features",status="success"} 1
pipeline_runs_total{pipeline_name="user_features",status="failed"} 0
pipeline_runs_total{pipeline_name="user_features",status="skipped"} 0
pipeline_runs_total{pipeline_name="user_features",status="cancelled"} 0
pipeline_runs_total{pipeline_name="user_features",status="retrying"} 0
pipeline_duration_seconds_bucket{pipeline_name="user_features",le="10.0"} 0
pipeline_duration_seconds_bucket{pipeline_name="user_features",le="30.0"} 0
pipeline_duration_seconds_bucket{pipeline_name="user_features",le="60.0"} 1
pipeline_duration_seconds_bucket{pipeline_name="user_features",le="120.0"} 1
pipeline_duration_seconds_bucket{pipeline_name="user_features",le="300.0"} 1
pipeline_duration_seconds_bucket{pipeline_name="user_features",le="600.0"} 1
pipeline_duration_seconds_bucket{pipeline_name="user_features",le="1800.0"} 1
pipeline_duration_seconds_bucket{pipeline_name="user_features",le="3600.0"} 1
pipeline_duration_seconds_bucket{pipeline_name="user_features",le="+Inf"} 1
pipeline_duration_seconds_sum{pipeline_name="user_features"} 42.5
pipeline_duration_seconds_count{pipeline_name="user_features"} 1
records_processed_total{pipeline_name="user_features",stage="extract"} 50000
records_processed_total{pipeline_name="user_features",stage="transform"} 48000
records_processed_total{pipeline_name="user_features",stage="load"} 47500
records_failed_total{pipeline_name="user_features",stage="extract"} 0
records_failed_total{pipeline_name="user_features",stage="transform"} 0
records_failed_total{pipeline_name="user_features",stage="load"} 0
data_quality_score{pipeline_name="user_features",check_name="null_rate"} 0.999
data_quality_score{pipeline_name="user_features",check_name="schema_compliance"} 0.996
data_quality_threshold{pipeline_name="user_features",check_name="null_rate"} 0.95
data_quality_threshold{pipeline_name="user_features",check_name="schema_compliance"} 0.99
data_through_timestamp_seconds{pipeline_name="user_features",dataset="users"} 1795140000
pipeline_last_success_timestamp_seconds{pipeline_name="user_features"} 1795140000
pipeline_last_failure_timestamp_seconds{pipeline_name="user_features"} 0
pipeline_last_run_duration_seconds{pipeline_name="user_features"} 42.5
sla_rate_ratio{pipeline_name="user_features",check_name="null_rate",window="7d"} 1
pipeline_sla_rate_ratio{pipeline_name="user_features",window="30d"} 0.99`,
  );
});

test("every family says what it is and of what type, also while it has no series", async () => {
  const types = (await newMetrics().body()).match(/^# TYPE .+$/gm);
  expect(types).toEqual([
    "# TYPE pipeline_runs_total counter",
    "# TYPE pipeline_duration_seconds histogram",
    "# TYPE records_processed_total counter",
    "# TYPE records_failed_total counter",
    "# TYPE data_quality_score gauge",
    "# TYPE data_quality_threshold gauge",
    "# TYPE feature_drift_score gauge",
    "# TYPE feature_drifted gauge",
    "# TYPE feature_drift_threshold gauge",
    "# TYPE feature_drift_p_value gauge",
    "# TYPE feature_rows gauge",
    "# TYPE vector_search_latency_seconds histogram",
    "# TYPE operation_latency_seconds histogram",
    "# TYPE data_through_timestamp_seconds gauge",
    "# TYPE pipeline_last_success_timestamp_seconds gauge",
    "# TYPE pipeline_last_failure_timestamp_seconds gauge",
    "# TYPE pipeline_last_run_duration_seconds gauge",
    "# TYPE sla_rate_ratio gauge",
    "# TYPE pipeline_sla_rate_ratio gauge",
    "# TYPE pipeline_sla_target_ratio gauge",
    "# TYPE pipeline_upstream_info gauge",
    "# TYPE gate_allowed gauge",
    "# TYPE gate_decision gauge",
    "# TYPE gate_decisions_total counter",
  ]);
});

test("promtool finds nothing wrong with the body, full or empty", async () => {
  expect(checkMetrics(await workedExample().body())).toBe("");
  expect(checkMetrics(await newMetrics().body())).toBe("");
});
