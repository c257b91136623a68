import type { HistogramInput } from "../../histogram/histogram-input.ts";
import type { Schema } from "../schema/schema.ts";
import type { LatencyBuckets } from "./buckets.ts";

/** Reports as the domain knows them: validated, times in milliseconds since 1970, defaults filled in. */

export const RUN_STATUSES = ["success", "failed", "skipped", "cancelled", "retrying"] as const;

/** How an attempt ended. `retrying` is a failed attempt whose run goes on. */
export type EndStatus = (typeof RUN_STATUSES)[number];
export type RunReportStatus = "started" | EndStatus;

interface ReportBase {
  pipeline_name: string;
  /** null: the report belongs to the run-less run that was open at its `at` (domain/runs/runless/). */
  run_id: string | null;
  /** The attempt of its run, as far as numbers tell (domain/runs/attempts/); null: not stated. */
  attempt: number | null;
  /** The repetition of a part of the work inside its attempt; null: not stated. */
  try: number | null;
  /** When it was true, milliseconds. */
  at: number;
  traceparent: string | null;
}

export interface RunReport extends ReportBase {
  kind: "run";
  status: RunReportStatus;
  /** True: the client sent `at`; false: `at` is the time of arrival. */
  at_stated: boolean;
  started_at: number | null;
  finished_at: number | null;
  duration_seconds: number | null;
  error: string | null;
  data_interval_start: number | null;
  data_interval_end: number | null;
  logical_date: number | null;
  /** Part of the work is done again and the evidence of the attempt before stands. */
  resumes: boolean;
  /** Evidence of this run that its client could not deliver. */
  lost: LostItem[];
}

export interface LostItem {
  kind: string;
  item: string;
  why: string;
}

export interface RecordsReport extends ReportBase {
  kind: "records";
  stage: string;
  count: number;
  failed: number | null;
  expected_min: number | null;
  /** `part`: the minimums of the parts add up; `stage`: each part repeats the minimum of the whole stage. */
  expected_min_of: "part" | "stage";
  /** "" where the stage has no parts. */
  part: string;
}

/** A part of a report that cannot be used although the rest can. */
export interface RejectedPart {
  /** The name of its check or feature; `?` where that is what is wrong. */
  item: string;
  code: string;
  detail: string;
}

export interface QualityCheck {
  check_name: string;
  /** 0..1, null when the check could not be computed. */
  score: number | null;
  threshold: number;
  severity: "error" | "warn";
  error: string | null;
}

export interface QualityReport extends ReportBase {
  kind: "quality";
  checks: QualityCheck[];
  /** Checks that came with them and cannot be used; absent: none. */
  rejected?: RejectedPart[];
}

export interface LatencyReport extends ReportBase {
  kind: "latency";
  operation: string;
  histogram: LatencyBuckets;
}

export interface FreshnessReport extends ReportBase {
  kind: "freshness";
  dataset: string;
  /** The data is complete up to here, milliseconds; at most its `at` and a little. */
  data_through: number;
  /** The value that was sent where it was further ahead: `data_through` is then its `at`. null: it was not. */
  ahead: number | null;
}

export interface DriftFeature {
  feature_name: string;
  /** Valid in itself; whether it fits its reference is checked when it is judged. */
  input: HistogramInput;
  /** Used where no reference is stored. */
  reference: HistogramInput | null;
}

export interface DriftReport extends ReportBase {
  kind: "drift";
  features: DriftFeature[];
  /** Features that came with them and cannot be read; absent: none. */
  rejected?: RejectedPart[];
}

export interface SchemaReport extends ReportBase {
  kind: "schema";
  dataset: string;
  schema: HashedSchema;
  /** Columns that came with them and cannot be read, or were named twice; absent: none. */
  rejected?: RejectedPart[];
}

/** Hexadecimal digits: of all that was said, and of what is judged alone (domain/schema/schema.ts). */
export interface HashedSchema extends Schema {
  version: string;
  shape: string;
}

export type Report =
  | RunReport
  | RecordsReport
  | QualityReport
  | LatencyReport
  | FreshnessReport
  | DriftReport
  | SchemaReport;
export type ReportKind = Report["kind"];
export type ReportOf<K extends ReportKind> = Extract<Report, { kind: K }>;
