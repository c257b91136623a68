import type { FeatureVerdict } from "../../drift/drift.ts";
import type { Report, RunReport } from "../../reports/report.ts";
import type { RunEntry } from "../../runs/run-entry.ts";
import type { RunApplied, TakesRun } from "../../runs/runs-of-commit.ts";
import type { AnyPrecedence } from "../precedence.ts";

/** The kinds of names of a pipeline, each with a limit of its own. */
export const NAME_KINDS = ["stage", "check", "feature", "operation", "dataset"] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** What a commit knows of every kind of report. */
export interface AnyKind<R extends Report> {
  /** Reports of one commit are applied in this order, smallest first: runs are known before evidence is assigned to them. */
  rank: 0 | 1 | 2;
  /** A refused report is stored with its run, where the gate sees it. */
  of_run: boolean;
  /** What the limit on new names counts `names` as; null: it names nothing that is limited. */
  named: NameKind | null;
  names(report: R): readonly string[];
  /** Further names to store, beside `names`. */
  also_stored(report: R): readonly string[];
  /** The items that a refused report is stored under; empty where the kind belongs to no run. */
  items(report: R): readonly string[];
}

/** `T`: the part of the tally that it adds to. */
export interface RunKind<T> extends AnyKind<RunReport> {
  tally(tally: T, applied: RunApplied): void;
}

/** Evidence: what is reported of a run, or of the pipeline. */
export interface EvidenceKind<R extends Report, T> extends AnyKind<R> {
  takes_run: TakesRun;
  /** Adds it to what the commit saves. `entry`: the run that it belongs to; null: none. */
  tally(tally: T, report: R, entry: RunEntry | null, judged: VerdictsOfCommit): void;
  /** Which of two outcomes of one run and place with the same `at` is the newest; null: outcomes add up. */
  newest: AnyPrecedence | null;
  /** The runs that the reports belong to. Whether their gates change depends on the run. */
  touched_runs(tally: T): Iterable<{ entry: RunEntry }>;
  /** The pipelines of loose evidence, whose gates it changes. */
  loose(tally: T): Iterable<{ pipeline_name: string; at: number }>;
  /** The names whose newest outcome is a gauge and depends on attempts and tries. */
  gauged: boolean;
}

/** The verdicts on the drift reports of a commit, given before the tally. */
export interface VerdictsOfCommit {
  verdicts: ReadonlyMap<Report, readonly FeatureVerdict[]>;
}

export const NOTHING: readonly never[] = [];
