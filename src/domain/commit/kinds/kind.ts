import type { FeatureVerdict } from "../../drift/drift.ts";
import type { Report, RunReport } from "../../reports/report.ts";
import type { RunEntry } from "../../runs/run-entry.ts";
import type { RunApplied, TakesRun } from "../../runs/runs-of-commit.ts";
import type { AnyPrecedence } from "../precedence.ts";

/** What a pipeline has names for, each with a bound of its own. */
export const NAME_KINDS = ["stage", "check", "feature", "operation", "dataset"] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** What a commit knows of every kind of report. */
export interface AnyKind<R extends Report> {
  /** Of the reports of one commit those with less come first: what belongs to what is known when they are applied. */
  rank: 0 | 1 | 2;
  /** A refused one stands with its run, which the gate sees. */
  of_run: boolean;
  /** What the limit on new names counts `names` as; null: it names nothing that is limited. */
  named: NameKind | null;
  names(report: R): readonly string[];
  /** What is stored by its name beside `names`. */
  also_stored(report: R): readonly string[];
  /** What a refused one is remembered by; nothing where it is not of a run. */
  items(report: R): readonly string[];
}

/** `T`: the part of the tally that it folds into. */
export interface RunKind<T> extends AnyKind<RunReport> {
  fold(tally: T, applied: RunApplied): void;
}

/** Evidence: what is reported of a run, or of the pipeline. */
export interface EvidenceKind<R extends Report, T> extends AnyKind<R> {
  takes_run: TakesRun;
  /** Adds it to what the commit saves. `entry`: the run that it belongs to; null: none. */
  fold(tally: T, report: R, entry: RunEntry | null, judged: VerdictsOfCommit): void;
  /** Which of two outcomes of one run and place, and of one `at`, is the newest; null: they add up. */
  newest: AnyPrecedence | null;
  /** What was folded of runs. Whether it changes a gate depends on the run. */
  touched_runs(tally: T): Iterable<{ entry: RunEntry }>;
  /** What was folded that no run took: it changes the gate of its pipeline. */
  loose(tally: T): Iterable<{ pipeline_name: string; at: number }>;
  /** Its newest outcome is a gauge, and attempts and tries decide which that is. */
  gauged: boolean;
}

/** What is known of the drift reports of a commit before they are folded. */
export interface VerdictsOfCommit {
  verdicts: ReadonlyMap<Report, readonly FeatureVerdict[]>;
}

export const NOTHING: readonly never[] = [];
