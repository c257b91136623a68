import type { FeatureSummary } from "../histogram/feature-summary.ts";

/** Reports as POST /v1/reports takes them; test/client holds them to src/contract. Times: RFC 3339, or Unix seconds. */
export type Time = string | number;

interface Common {
  pipeline_name: string;
  run_id?: string | undefined;
  attempt?: number | undefined;
  try?: number | undefined;
  id?: string | undefined;
  at?: Time | undefined;
  traceparent?: string | undefined;
}

export type ReportedRunStatus = "started" | "success" | "failed" | "skipped" | "cancelled";
export type CheckSeverity = "error" | "warn";

export interface RunReportBody extends Common {
  kind: "run";
  status: ReportedRunStatus;
  started_at?: Time | undefined;
  finished_at?: Time | undefined;
  duration_seconds?: number | undefined;
  error?: string | undefined;
  will_retry?: boolean | undefined;
  data_interval_start?: Time | undefined;
  data_interval_end?: Time | undefined;
  logical_date?: Time | undefined;
  resumes?: boolean | undefined;
  lost?: LostItemBody[] | undefined;
}

/** Evidence of a run that could not be delivered. */
export interface LostItemBody {
  kind: string;
  item: string;
  why: string;
}

export interface RecordsReportBody extends Common {
  kind: "records";
  stage: string;
  count: number;
  failed?: number | undefined;
  expected_min?: number | undefined;
  expected_min_of?: "part" | "stage" | undefined;
  part?: string | undefined;
}

export interface QualityReportBody extends Common {
  kind: "quality";
  check_name: string;
  score: number | null;
  threshold?: number | undefined;
  severity?: CheckSeverity | undefined;
  error?: string | undefined;
}

export interface LatencyReportBody extends Common {
  kind: "latency";
  operation?: string | undefined;
  seconds: number | number[];
}

export interface FreshnessReportBody extends Common {
  kind: "freshness";
  data_through: Time;
  dataset?: string | undefined;
}

/**
 * A histogram in one of its forms; beside edges and counts, what is known of the rows. Raw values are not among them: the
 * client makes histograms of them first.
 */
export interface FeatureReportBody extends FeatureSummary {
  counts?: number[] | undefined;
  edges?: number[] | undefined;
  categories?: Record<string, number> | undefined;
  /** Of categories: rows whose names were too many to be counted apart. */
  folded?: number | undefined;
  nulls?: number | undefined;
}

export interface DriftReportBody extends Common {
  kind: "drift";
  features: Record<string, FeatureReportBody>;
}

export type ReportBody =
  | RunReportBody
  | RecordsReportBody
  | QualityReportBody
  | LatencyReportBody
  | FreshnessReportBody
  | DriftReportBody;
