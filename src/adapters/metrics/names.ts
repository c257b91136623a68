import { DURATION_BUCKETS, OPERATION_BUCKETS, VECTOR_SEARCH_BUCKETS } from "../../domain/reports/buckets.ts";

/** A metric family. Label names are in the order in which values are given; histograms get `le` added. */
export interface FamilySpec {
  readonly type: "counter" | "gauge" | "histogram";
  readonly labels: readonly string[];
  /** One line, without backslashes. */
  readonly help: string;
  /** Labels with a closed list of values: a series folded past the cap keeps them, so that rules see it. */
  readonly closed: readonly string[];
  /** Upper bounds, ascending, without +Inf; histograms only. */
  readonly buckets: readonly number[];
}

/**
 * The domain's families in the order of the body; a public interface. The metrics about the agent itself are in agent/ and
 * begin with `sluice_`.
 */
export const FAMILIES = {
  pipeline_runs_total: counter(["pipeline_name", "status"], "Attempts that ended, by how they ended.", ["status"]),
  pipeline_duration_seconds: histogram(["pipeline_name"], DURATION_BUCKETS, "How long attempts took."),
  records_processed_total: counter(["pipeline_name", "stage"], "Records that a stage processed, all attempts."),
  records_failed_total: counter(["pipeline_name", "stage"], "Records that a stage could not process, all attempts."),
  data_quality_score: gauge(["pipeline_name", "check_name"], "Newest score of a quality check, 0 to 1."),
  data_quality_threshold: gauge(["pipeline_name", "check_name"], "Score at which the quality check passes."),
  feature_drift_score: gauge(["pipeline_name", "feature_name"], "Newest PSI of a feature against its reference."),
  feature_drifted: gauge(
    ["pipeline_name", "feature_name"],
    "1 where the newest verdict on a feature is drifted, else 0.",
  ),
  feature_drift_threshold: gauge(
    ["pipeline_name", "feature_name"],
    "PSI above which a difference of the feature matters.",
  ),
  feature_drift_p_value: gauge(
    ["pipeline_name", "feature_name"],
    "Chance of a PSI this large if nothing had drifted, adjusted for the features of the report.",
  ),
  feature_rows: gauge(["pipeline_name", "feature_name"], "Rows that the newest verdict on a feature was given on."),
  vector_search_latency_seconds: histogram(["pipeline_name"], VECTOR_SEARCH_BUCKETS, "Latency of vector searches."),
  operation_latency_seconds: histogram(
    ["pipeline_name", "operation"],
    OPERATION_BUCKETS,
    "Latency of other operations.",
  ),
  data_through_timestamp_seconds: gauge(["pipeline_name", "dataset"], "The dataset is complete up to this time."),
  pipeline_last_success_timestamp_seconds: gauge(["pipeline_name"], "When a run last succeeded, 0 = never."),
  pipeline_last_failure_timestamp_seconds: gauge(["pipeline_name"], "When a run last failed, 0 = never."),
  pipeline_last_run_duration_seconds: gauge(["pipeline_name"], "How long the latest run took."),
  sla_rate_ratio: gauge(["pipeline_name", "check_name", "window"], "Share of a check's results that passed, 0 to 1."),
  pipeline_sla_rate_ratio: gauge(["pipeline_name", "window"], "Share of a pipeline's results that passed, 0 to 1."),
  pipeline_sla_target_ratio: gauge(["pipeline_name"], "Share of a pipeline's results that is wanted, 0 to 1."),
  pipeline_upstream_info: gauge(["pipeline_name", "upstream"], "1: the gate of the pipeline depends on this upstream."),
  gate_allowed: gauge(["pipeline_name"], "1 where the next step may run, else 0 (default consumer)."),
  gate_decision: gauge(
    ["pipeline_name", "decision"],
    "1 for what the gate says now, 0 for the rest (default consumer).",
  ),
  gate_decisions_total: counter(
    ["decision", "code"],
    "New decisions of all gates, by the code of their first reason; none where there is no reason.",
    ["decision", "code"],
  ),
} as const satisfies Record<string, FamilySpec>;

export type FamilyName = keyof typeof FAMILIES;
/** The names of the families of one type. */
export type NameOf<T extends FamilySpec["type"]> = {
  [N in FamilyName]: (typeof FAMILIES)[N]["type"] extends T ? N : never;
}[FamilyName];
/** One value for each label of the family, in the catalogue's order. */
export type LabelsOf<N extends FamilyName> = Strings<(typeof FAMILIES)[N]["labels"]>;
type Strings<L extends readonly string[]> = { readonly [K in keyof L]: string };

export const FAMILY_NAMES = Object.keys(FAMILIES) as FamilyName[];

/** Leave near the cap, in this order, for what has none yet: they explain a verdict on drift, and no alert reads them. */
export const DRIFT_DETAILS = ["feature_rows", "feature_drift_p_value", "feature_drift_threshold"] as const;

function counter<const L extends readonly string[]>(labels: L, help: string, closed: readonly string[] = []) {
  return { type: "counter", labels, help, closed, buckets: [] } as const;
}

function gauge<const L extends readonly string[]>(labels: L, help: string) {
  return { type: "gauge", labels, help, closed: [], buckets: [] } as const;
}

function histogram<const L extends readonly string[]>(labels: L, buckets: readonly number[], help: string) {
  return { type: "histogram", labels, help, closed: [], buckets } as const;
}
