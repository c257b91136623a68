import type { EndStatus, Report, RunReport } from "./report.ts";
import { applyRunReport, newRun, type Run, type RunSummary, summarize } from "./run.ts";
import { DAY } from "./time.ts";

/** A run as one commit sees it: as it was loaded, and as the commit's reports change it. */
export interface RunEntry {
  run: Run;
  /** The store's key; null until a new run is saved. */
  key: number | null;
  before: RunSummary | null;
  dirty: boolean;
}

export interface RunApplied {
  entry: RunEntry;
  summary: RunSummary;
  counted: EndStatus | null;
  durations: number[];
}

/** A run-less run of which nothing was heard for longer takes no more quality or drift. */
const STALE_AFTER = DAY;

/**
 * Which run each report of a commit belongs to. A report without a run_id belongs to the pipeline's open run-less run, which
 * the next run-less terminal report ends; reports of run-less runs are therefore taken in the order in which they arrive.
 */
export class RunBook {
  readonly #entries = new Map<string, RunEntry>();
  readonly #open = new Map<string, RunEntry | null>();
  readonly #named = new Set<string>();
  readonly #newRunId: (at: number) => string;

  constructor(loaded: Iterable<RunEntry>, newRunId: (at: number) => string) {
    for (const entry of loaded) this.#entries.set(runKey(entry.run.pipeline_name, entry.run.run_id), entry);
    this.#newRunId = newRunId;
  }

  /** The run-less run that was open before this commit. */
  setOpen(pipeline_name: string, entry: RunEntry): void {
    this.#open.set(pipeline_name, entry);
  }

  /** Runs of this pipeline are reported with a run_id: quality and drift without one open no run-less run. */
  setNamed(pipeline_name: string): void {
    this.#named.add(pipeline_name);
  }

  /** The pipelines whose open run-less run may have changed, with the run that is open now. */
  open(): Iterable<[string, RunEntry | null]> {
    return this.#open;
  }

  dirty(): RunEntry[] {
    return [...this.#entries.values()].filter((entry) => entry.dirty);
  }

  applyRun(report: RunReport): RunApplied {
    const entry = this.#runOf(report);
    const change = applyRunReport(entry.run, report);
    entry.dirty = true;
    const summary = summarize(entry.run);
    if (report.run_id === null) this.#open.set(report.pipeline_name, summary.ended ? null : entry);
    return { entry, summary, ...change };
  }

  /**
   * The run that evidence belongs to. Latency and freshness do not open a run of their own, nor do quality and drift where
   * runs have ids: null, and which run it counts for shows when a gate is decided (domain/attach.ts).
   */
  evidenceRun(report: Exclude<Report, RunReport>): RunEntry | null {
    if (report.run_id === null && this.#isLoose(report)) return null;
    const entry = this.#runOf(report);
    if (report.at < entry.run.first_at) {
      entry.run.first_at = report.at;
      entry.dirty = true;
    }
    return entry;
  }

  #isLoose({ kind, pipeline_name, at }: Exclude<Report, RunReport>): boolean {
    if (kind === "records") return false;
    const open = this.#open.get(pipeline_name) ?? null;
    if (kind === "latency" || kind === "freshness") return open === null;
    if (!this.#named.has(pipeline_name)) return false;
    return open === null || at < open.run.first_at || at - open.run.first_at > STALE_AFTER;
  }

  #runOf(report: Report): RunEntry {
    if (report.run_id !== null) return this.#entryOf(report.pipeline_name, report.run_id, report.at);
    const open = this.#open.get(report.pipeline_name) ?? null;
    if (open !== null && !(report.kind === "run" && startsAgain(open.run, report))) return open;
    const entry = this.#entryOf(report.pipeline_name, this.#newRunId(report.at), report.at, true);
    this.#open.set(report.pipeline_name, entry);
    return entry;
  }

  #entryOf(pipeline_name: string, run_id: string, at: number, runless = false): RunEntry {
    const key = runKey(pipeline_name, run_id);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { run: newRun(pipeline_name, run_id, at, runless), key: null, before: null, dirty: true };
      this.#entries.set(key, entry);
    }
    return entry;
  }
}

/** A run-less start while one is running: the earlier one never said how it ended. */
function startsAgain(open: Run, report: RunReport): boolean {
  return (
    report.status === "started" && open.outcomes.some((o) => o.status === "started" && o.attempt >= report.attempt)
  );
}

/** Names hold no control characters, so the joined key is unambiguous. */
export function runKey(pipeline_name: string, run_id: string): string {
  return `${pipeline_name}\u0000${run_id}`;
}
