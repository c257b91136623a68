import type { Change } from "../domain/commit/change.ts";
import type { Committed } from "../domain/commit/committed.ts";
import type { Tally } from "../domain/commit/tally.ts";
import type { FeatureVerdict } from "../domain/drift/drift.ts";
import type { HeldBackBy } from "../domain/drift/drift-verdict.ts";
import type { Rejection } from "../domain/reports/rejection.ts";
import type { PipelineRow } from "./pipelines.ts";

/** 16-byte hashes as 32 hexadecimal digits: of (API key, id), and of the report's canonical content. */
export interface ReportKey {
  id_hash: string;
  content_hash: string;
}

/** A rejection of a pipeline that the transaction has locked. */
export interface PlacedRejection {
  rejection: Rejection;
  pipeline: PipelineRow;
  /** The run it belongs to, where that is known; null: the one that the rejection names, or was going on then. */
  run_key: number | null;
}

/** A run that this transaction makes under the name that its reports gave. */
export interface NewRun {
  pipeline_id: number;
  run_id: string;
  run_key: number;
}

/** The part of a transaction that is about reports as they come: their ids, what they add, and what they are answered. */
export interface CommitTx {
  /** Inserts the ids and gives back those that were there before. The first of these in a while may be a conflict. */
  admit(keys: readonly ReportKey[], now: number): Promise<Map<string, { content_hash: string; answer: Answer | null }>>;
  /**
   * Keeps what could not be used with the runs it is about. What names a run that there is not waits under that name, a bounded
   * number a pipeline, and becomes the run's when it is among `new_runs`. Answers the pipelines where the evidence of a run changed.
   */
  saveRejected(rejections: readonly PlacedRejection[], new_runs: readonly NewRun[], now: number): Promise<Set<number>>;
  /** Adds the tally to rows, evidence, rollups and totals; answers what the touched series show now. */
  saveTally(tally: Tally, now: number): Promise<Committed>;
  /** The check and feature gauges that are to be shown of these pipelines, after runs changed their order. */
  gauges(rows: readonly PipelineRow[]): Promise<Committed["rechecked"]>;
  saveAnswers(answers: readonly { id_hash: string; answer: Answer }[]): Promise<void>;
  /**
   * Ends the transaction, and tells the other agents of the change; asked for together with the last writes it saves a way to the store
   * and back.
   */
  commit(change: Change): Promise<void>;
}

/** What a run report is answered: the run as it stands then. */
export interface RunAnswer {
  pipeline_name: string;
  run_id: string;
  status: string;
  attempt: number;
  started_at: string | null;
  finished_at: string | null;
  duration_seconds: number | null;
}

/** A verdict as it is answered and read. */
export type VerdictAnswer = Omit<
  FeatureVerdict,
  "feature_name" | "alpha" | "reference" | "current" | "counts" | "mismatch" | "tested"
> & {
  reference_version: string | null;
  /** See TestedBy. */
  decided_by?: string[];
  held_back_by?: HeldBackBy;
  /** Of an `inconclusive` one, see rowsNeeded. */
  rows_needed?: number | null;
  /** Of an `errored` one why there is nothing to say of it, of a `drifted` one what decided. */
  code?: string;
  detail?: string;
  /** Of a feature that is summed in windows: the verdict is on the window so far, and was given only where it says so. */
  window?: { start: string; end: string; judged: boolean };
};

/** What was answered to a report beside `duplicate`; kept with its id, so that the same id is answered the same. */
export type Answer =
  | { run: RunAnswer }
  | { features: Record<string, VerdictAnswer | ErroredAnswer>; ambiguous?: string[] }
  /** A failure without a run_id that counts for several runs: their run_ids. */
  | { ambiguous: string[] };

/** A feature that could not be read at all. */
export interface ErroredAnswer {
  verdict: "errored";
  code: string;
  detail: string;
}
