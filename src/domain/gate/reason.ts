/** The codes of all reasons: a closed list. */
export const REASON_CODES = [
  "run_failed",
  "run_missing",
  "run_overrunning",
  "run_in_progress",
  "quality_below_threshold",
  "overall_quality_below_minimum",
  "check_missing",
  "check_errored",
  "records_below_minimum",
  "records_missing",
  "records_zero",
  "records_unchanged",
  "records_anomalous",
  "stage_ratio_out_of_range",
  "feature_drifted",
  "feature_no_data",
  "feature_missing",
  "feature_inconclusive",
  "data_stale",
  "latency_above_maximum",
  "alert_firing",
  "upstream_blocked",
  "manual_block",
  "source_silent",
  "no_evidence",
  "evidence_stale",
  "records_rejected_share",
  "report_rejected",
  "schema_changed",
  "data_ahead",
  "agent_stale",
] as const;

export type ReasonCode = (typeof REASON_CODES)[number];

/** What a reason turns the decision into, the gravest first. */
export const SEVERITIES = ["block", "pending", "unknown", "warn"] as const;

export type Severity = (typeof SEVERITIES)[number];

/** What a check found wrong, missing or unknown. */
export interface Reason {
  code: ReasonCode;
  severity: Severity;
  /** What it is about: a check, stage, feature, dataset, operation, alert, pipeline or run. */
  subject: string | null;
  /** The value seen, in the unit of `threshold`. */
  observed: number | null;
  /** The value wanted. */
  threshold: number | null;
  /** A sentence for the person on call: the number seen and the number wanted. */
  detail: string;
}

/** The reasons that a check found, and until when they hold if nothing new arrives (milliseconds; null: for ever). */
export interface CheckResult {
  reasons: Reason[];
  valid_until: number | null;
  /** The check judged something about the data, with whatever outcome. */
  judged: boolean;
}
