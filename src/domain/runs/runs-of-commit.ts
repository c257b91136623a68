import type { EndStatus, Report, RunReport } from "../reports/report.ts";
import { join } from "../words/key.ts";
import { markOf } from "./attempts/run-mark.ts";
import { applyRunReport, type RunSummary, summarize } from "./run.ts";
import { newEntry, type RunEntry } from "./run-entry.ts";
import { type Around, RunlessRuns } from "./runless/runless-runs.ts";

export type { RunEntry } from "./run-entry.ts";

/** Whether evidence without a run_id makes a run where none is open; `never`: it belongs to the pipeline and to no run. */
export type TakesRun = "always" | "where runs have no ids" | "never";

export interface RunApplied {
  entry: RunEntry;
  summary: RunSummary;
  counted: EndStatus[];
  durations: number[];
}

/** What a commit knows of a pipeline whose reports came without a run_id. */
export interface KnownPipeline {
  pipeline_name: string;
  /** Runs of it were reported with a run_id. */
  has_named_runs: boolean;
  last_loose_at: number | null;
  /** Its run-less runs around the times of the reports. */
  runless: readonly RunEntry[];
}

export interface RunsOfCommitDeps {
  newRunId: (at: number) => string;
  around: (run_key: number, time: number) => Around;
  /** When these reports arrived. */
  now: number;
}

/** Run-less runs of a pipeline among which stored evidence is to be dealt out again. */
export interface Reseated {
  pipeline_name: string;
  entries: RunEntry[];
  /** Evidence without a run is assigned again too. */
  adopts: boolean;
  /** Which run each new one was split from. */
  origins: ReadonlyMap<RunEntry, RunEntry>;
}

/**
 * Which run each report of a commit belongs to. Run reports are to be applied first, then counts, then all else: so what a
 * report belongs to does not depend on its place in the commit.
 */
export class RunsOfCommit {
  readonly #entries = new Map<string, RunEntry>();
  readonly #runless = new Map<string, RunlessRuns>();
  readonly #named = new Set<string>();
  readonly #deps: RunsOfCommitDeps;

  constructor(loaded: Iterable<RunEntry>, pipelines: Iterable<KnownPipeline>, deps: RunsOfCommitDeps) {
    this.#deps = deps;
    for (const entry of loaded) this.#entries.set(runKey(entry.run.pipeline_name, entry.run.run_id), entry);
    for (const { pipeline_name, has_named_runs, last_loose_at, runless } of pipelines) {
      if (has_named_runs) this.#named.add(pipeline_name);
      const entries = new Set(runless.map((entry) => this.#known(entry)));
      const make = (at: number) => this.#make(pipeline_name, at);
      this.#runless.set(pipeline_name, new RunlessRuns(entries, { make, around: deps.around, last_loose_at }));
    }
  }

  dirty(): RunEntry[] {
    return [...this.#entries.values()].filter((entry) => entry.dirty);
  }

  hasNamedRuns(pipeline_name: string): boolean {
    return this.#named.has(pipeline_name);
  }

  /** The pipelines whose stored evidence may now belong to another run. */
  reseated(): Reseated[] {
    return [...this.#runless]
      .map(([pipeline_name, { reseated, adopts, origins }]) => {
        return { pipeline_name, entries: [...reseated], adopts, origins };
      })
      .filter(({ entries }) => entries.length > 0);
  }

  applyRun(report: RunReport): RunApplied {
    if (report.run_id !== null) {
      const entry = this.#entryOf(report.pipeline_name, report.run_id, report.at);
      if (!entry.run.runless) this.#named.add(report.pipeline_name);
      return apply(entry, report);
    }
    const mark = markOf(report);
    const entry = this.#timeline(report.pipeline_name).seatReport(mark);
    return apply(entry, { ...report, at: mark.own_at });
  }

  /**
   * The run that evidence belongs to. Without a run_id that is the run-less run that was open at its `at`; where none was,
   * what takes a run makes one. Else null.
   */
  evidenceRun(report: Exclude<Report, RunReport>, takes: TakesRun): RunEntry | null {
    const { pipeline_name, run_id, at } = report;
    if (run_id !== null) {
      const entry = this.#entryOf(pipeline_name, run_id, at);
      if (at < entry.run.first_at) {
        entry.run.first_at = at;
        entry.dirty = true;
      }
      // A run stored by version 0.1: from now on it is stored in the form of today.
      if (entry.placed === null) entry.dirty = true;
      if (entry.run.runless) hear(entry, at);
      return entry;
    }
    const makes = takes === "always" || (takes === "where runs have no ids" && !this.#named.has(pipeline_name));
    const entry = this.#timeline(pipeline_name).seatEvidence(at, makes);
    if (entry !== null && takes !== "never") hear(entry, at);
    return entry;
  }

  #timeline(pipeline_name: string): RunlessRuns {
    return this.#runless.get(pipeline_name)!;
  }

  /** Merges a run that was loaded twice, by its id and by its time. */
  #known(entry: RunEntry): RunEntry {
    const key = runKey(entry.run.pipeline_name, entry.run.run_id);
    const known = this.#entries.get(key);
    if (known === undefined) this.#entries.set(key, entry);
    return known ?? entry;
  }

  #entryOf(pipeline_name: string, run_id: string, at: number): RunEntry {
    const key = runKey(pipeline_name, run_id);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = newEntry(pipeline_name, run_id, { at, heard_at: this.#deps.now });
      this.#entries.set(key, entry);
    }
    return entry;
  }

  #make(pipeline_name: string, at: number): RunEntry {
    const entry = this.#entryOf(pipeline_name, this.#deps.newRunId(at), at);
    entry.run.runless = true;
    return entry;
  }
}

function apply(entry: RunEntry, report: RunReport): RunApplied {
  const change = applyRunReport(entry.run, report);
  entry.dirty = true;
  entry.has_run_report = true;
  return { entry, summary: summarize(entry.run), ...change };
}

function hear(entry: RunEntry, at: number): void {
  if (at <= (entry.run.last_at ?? Number.NEGATIVE_INFINITY)) return;
  entry.run.last_at = at;
  entry.dirty = true;
}

export function runKey(pipeline_name: string, run_id: string): string {
  return join(pipeline_name, run_id);
}
