import type { Committed } from "../../domain/commit/committed.ts";
import type { Reference } from "../../domain/drift/drift.ts";
import type { WindowSpan } from "../../domain/drift/window.ts";
import type { RunEntry } from "../../domain/runs/runs-of-commit.ts";
import type { Distribution } from "../../histogram/distribution.ts";
import type { PipelineRow } from "../pipelines.ts";

export interface FeatureRef {
  pipeline: PipelineRow;
  feature_name: string;
}

export interface WindowRef extends FeatureRef, WindowSpan {}

/** A window as it is stored: see DriftWindow and WindowSum. */
export interface WindowRow extends WindowRef {
  reference_id: number;
  counts: Float64Array;
  rebin_rows: number | null;
  /** null: no run brought rows. */
  run_key: number | null;
  judged_rows: number | null;
  closed: boolean;
}

/** A run that brought rows of a feature. */
export interface RunOfFeature extends FeatureRef {
  entry: RunEntry;
}

/** Windows of one pipeline that close at the same time, and have not been closed yet. */
export interface DueWindows {
  pipeline_id: number;
  pipeline_name: string;
  closes_at: number;
  windows: (WindowSpan & { feature_name: string })[];
}

/** Windows of drift, outside of a transaction. Throws `StoreError`, see Store. */
export interface WindowStore {
  /** What is due for closing by `now`, the earliest first, after the one given. */
  dueWindows(now: number, after: DueWindows | null, limit: number): Promise<DueWindows[]>;
}

export interface NewReference extends FeatureRef {
  version: string;
  histogram: Distribution;
  source: "put" | "promoted" | "inline";
  run_id: string | null;
  note: string | null;
}

export interface StoredHistogram {
  histogram: Distribution;
  /** null: it came without a run. */
  run_id: string | null;
  /** What the report that brought it said. */
  attempt: number | null;
  try: number | null;
}

/** The part of a transaction that is about references of features. The pipelines are locked, so that what is read stays so. */
export interface ReferenceTx {
  /** The active references, by `referenceKey`. */
  activeReferences(refs: readonly FeatureRef[]): Promise<Map<string, Reference>>;
  /** Keeps references; content that is there already is the same reference. By `referenceKey`. */
  saveReferences(references: readonly NewReference[], now: number): Promise<Map<string, Reference>>;
  activateReference(ref: FeatureRef, reference_id: number, now: number): Promise<void>;
  /** The feature has no reference any more; its versions and verdicts stay. */
  deactivateReference(ref: FeatureRef): Promise<void>;
  findReference(ref: FeatureRef, version: string): Promise<Reference | null>;
  /** By reference_id. */
  referencesById(reference_ids: readonly number[]): Promise<Map<number, Reference>>;
  /** The histogram that the feature's gauges show, or that of one run; null: there is none. */
  latestHistogram(ref: FeatureRef, run_id: string | null): Promise<StoredHistogram | null>;
}

/** The part of a transaction that is about windows of drift. The pipelines are locked, so that what is loaded may be saved anew. */
export interface WindowTx {
  /** One answer for each, in their order; null: nothing was added to it yet. */
  loadWindows(refs: readonly WindowRef[]): Promise<(WindowRow | null)[]>;
  saveWindows(rows: readonly WindowRow[]): Promise<void>;
  /** Forgets the windows of the feature that have not closed: their sums will not be judged. */
  dropOpenWindows(ref: FeatureRef): Promise<void>;
  /**
   * A run that brought rows to a window stands under the last verdict on the feature until there is one of its own, so that
   * gauges do not leave after a few micro-batches. Answers what they show now.
   */
  carryVerdicts(runs: readonly RunOfFeature[]): Promise<Committed["features"]>;
}
