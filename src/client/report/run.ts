import type { FeatureKind, FeaturesGiven } from "../histogram/feature.ts";
import type { CheckSeverity, Time } from "./wire.ts";

export interface RecordsOptions {
  /** Of these records, how many failed. */
  failed?: number | bigint | string;
  /** Fewer than this block the gate. */
  expected_min?: number | bigint | string;
  /** What expected_min is the least of: this part, or the stage as a whole (all parts say the same then). */
  expected_min_of?: "part" | "stage";
  /** Parts of a stage (partitions, files) add up. */
  part?: string;
  /** Which repetition of this part of the work; default: that of the run. */
  try?: number;
}

export interface QualityOptions {
  /** The check passes at this score or above; default 0.8. */
  threshold?: number | string;
  /** warn: does not block by itself. Default error. */
  severity?: CheckSeverity;
  /** Why there is no score; an Error is shown as text. */
  error?: string | Error;
  /** Which repetition of this check; default: that of the run. */
  try?: number;
}

export interface DriftOptions {
  /** What columns are, by feature name; by default what the stored reference counts. */
  kinds?: Record<string, FeatureKind>;
  /** Which repetition of this part of the work; default: that of the run. */
  try?: number;
}

/**
 * A run that evidence is reported for. No call throws (unless the client is strict), waits or takes longer than
 * microseconds. What is plainly meant is taken (a bigint, "47500" as databases give it); what is wrong is said once, and reaches
 * a gate: a check as not computed, other evidence as lost with the end of the run.
 */
export interface RunHandle {
  readonly pipeline_name: string;
  readonly run_id: string;
  /** 1 where none was said. */
  readonly attempt: number;
  /** Records that a stage processed; calls of one stage add up. */
  records(stage: string, count: number | bigint | string, options?: RecordsOptions): void;
  /** A check's score, 0 to 1; or null with the error that kept it from being computed. */
  quality(check_name: string, score: number | string | null, options?: QualityOptions): void;
  /** Seconds that an operation took, one number or many. */
  latency(operation: string, seconds: number | ArrayLike<number>): void;
  /** Runs `work`, reports how long it took (also when it fails), and gives back what it gave. */
  timed<T>(operation: string, work: () => T): T;
  /** How far the data reaches. */
  freshness(data_through: Date | Time, options?: { dataset?: string }): void;
  /**
   * Features by name, as values or as histograms; one that cannot be read is reported as refused, and the others go. Values become histograms here, on the edges of the stored reference (fetched
   * when it is needed, and kept for five minutes); they do not leave the process. The promise is kept when the
   * report is on its way, and never breaks; nobody has to wait for it.
   */
  drift(features: FeaturesGiven, options?: DriftOptions): Promise<void>;
  /** The run ends as skipped: it had nothing to do. For runs of pipeline.run alone. */
  skip(reason?: string): void;
}
