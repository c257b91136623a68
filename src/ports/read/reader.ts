import type { DriftState } from "../../domain/drift/drift.ts";
import type { TestedBy } from "../../domain/drift/drift-verdict.ts";
import type { Distribution } from "../../histogram/distribution.ts";
import type { GateReader } from "../gate.ts";
import type { SlaReader } from "../sla.ts";
import type { DigestReader } from "./digest.ts";

/** Times are milliseconds. `allowed`: regular expressions of the pipelines that may be seen, null = all. */
export interface Reader extends GateReader, SlaReader, DigestReader {
  listRuns(filter: RunFilter): Promise<RunRow[]>;
  readRun(pipeline_name: string, run_id: string): Promise<RunDetail | null>;
  listPipelines(filter: PipelineFilter): Promise<PipelineSummary[]>;
  /** Of every pipeline that is not archived, by name. */
  pipelineNames(): Promise<string[]>;
  readPipeline(pipeline_name: string): Promise<PipelineDetail | null>;
  listQuality(filter: QualityFilter): Promise<QualityRow[]>;
  /** The newest verdict on each feature. */
  latestDrift(pipeline_name: string): Promise<DriftRow[]>;
  driftHistory(filter: DriftFilter): Promise<DriftRow[]>;
  /** The active ones, by feature. */
  listReferences(pipeline_name: string): Promise<ReferenceRow[]>;
  /** null: there is none. `version` null: the active one. */
  findReference(pipeline_name: string, feature_name: string, version: string | null): Promise<ReferenceRow | null>;
  /** Newest first. */
  listVersions(filter: VersionFilter): Promise<ReferenceRow[]>;
}

export interface VersionFilter {
  pipeline_name: string;
  feature_name: string;
  after: { created_at: number; reference_id: number } | null;
  limit: number;
}

export interface DriftFilter {
  pipeline_name: string;
  feature_name: string;
  since: number | null;
  after: { at: number; result_id: number } | null;
  limit: number;
}

/** A verdict with what it was given on: counts on the reference's bins, in the order of countsOnReference. */
export interface DriftRow {
  result_id: number;
  feature_name: string;
  run_id: string | null;
  verdict: DriftState;
  psi: number | null;
  p_value: number | null;
  critical_psi: number | null;
  threshold: number;
  alpha: number;
  n_reference: number;
  n_current: number;
  rebin_error: number | null;
  at: number;
  /** Of an `errored` one what does not fit its reference, of a `drifted` one what decided. */
  detail: string | null;
  /** null: it was judged by the first rule. */
  tested: Omit<TestedBy, "detail"> | null;
  counts: ArrayLike<number> | null;
  reference: { version: string; histogram: Distribution } | null;
}

export interface ReferenceRow {
  reference_id: number;
  feature_name: string;
  version: string;
  histogram: Distribution;
  /** Rows, nulls included. */
  n: number;
  source: "put" | "promoted" | "inline";
  run_id: string | null;
  note: string | null;
  created_at: number;
  activated_at: number | null;
  active: boolean;
}

export interface RunFilter {
  pipeline_name: string | null;
  allowed: string[] | null;
  status: string | null;
  since: number | null;
  after: { run_order: number; run_key: number } | null;
  limit: number;
}

export interface RunRow {
  run_key: number;
  pipeline_name: string;
  run_id: string;
  status: string;
  attempt: number;
  started_at: number | null;
  finished_at: number | null;
  duration_seconds: number | null;
  error: string | null;
  data_interval_start: number | null;
  data_interval_end: number | null;
  traceparent: string | null;
  run_order: number;
}

export interface RunDetail extends RunRow {
  attempts: {
    attempt: number;
    status: string;
    started_at: number | null;
    finished_at: number | null;
    duration_seconds: number | null;
    error: string | null;
  }[];
  stages: { stage: string; count: number; failed: number | null; expected_min: number | null }[];
  checks: {
    check_name: string;
    score: number | null;
    threshold: number;
    passed: boolean | null;
    severity: string;
    error: string | null;
    checked_at: number;
  }[];
  /** What came and could not be used, as far as nothing came in its place. */
  rejected: { kind: string; item: string; at: number; code: string; why: string }[];
}

export interface PipelineFilter {
  allowed: string[] | null;
  /** Names after this one. */
  after: string | null;
  limit: number;
}

export interface PipelineSummary {
  pipeline_name: string;
  born_at: number;
  last_success_at: number | null;
  last_failure_at: number | null;
  last_run: Pick<RunRow, "run_id" | "status" | "attempt" | "started_at" | "finished_at" | "duration_seconds"> | null;
}

export interface PipelineDetail extends PipelineSummary {
  datasets: { dataset: string; data_through: number }[];
}

export interface QualityFilter {
  pipeline_name: string | null;
  allowed: string[] | null;
  check_name: string | null;
  since: number | null;
  until: number | null;
  after: { checked_at: number; result_id: number } | null;
  limit: number;
}

export interface QualityRow {
  result_id: number;
  pipeline_name: string;
  check_name: string;
  score: number;
  threshold: number;
  passed: boolean;
  severity: string;
  run_id: string | null;
  attempt: number;
  excluded: boolean;
  checked_at: number;
  recorded_at: number;
}
