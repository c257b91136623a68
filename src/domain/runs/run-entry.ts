import type { Attempt } from "./attempts/attempts.ts";
import { type LastWord, lastWordOf } from "./last-word.ts";
import { newRun, type Run, type RunSummary, summarize } from "./run.ts";

/** A run as one commit sees it: as it was loaded, and as the commit's reports change it. */
export interface RunEntry {
  run: Run;
  /** The store's key; null until a new run is saved. */
  key: number | null;
  before: RunSummary | null;
  /** The attempts by which its stored evidence stands; null: stored by version 0.1, which knew no such thing. */
  placed: readonly Attempt[] | null;
  /** What it counts as in the SLA of runs so far. */
  word: LastWord | null;
  dirty: boolean;
  /** A run report of this commit is about it, not only evidence. */
  has_run_report: boolean;
}

export function loadedEntry(run: Run, key: number, placed: readonly Attempt[] | null): RunEntry {
  return { run, key, before: summarize(run), placed, word: lastWordOf(run), dirty: false, has_run_report: false };
}

export function newEntry(pipeline_name: string, run_id: string, first: { at: number; heard_at: number }): RunEntry {
  const run = newRun(pipeline_name, run_id, first);
  return { run, key: null, before: null, placed: run.attempts, word: null, dirty: true, has_run_report: false };
}
