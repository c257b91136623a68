import { FURTHER_AHEAD, type Reach, reached } from "../../reports/reach.ts";
import type { FreshnessReport } from "../../reports/report.ts";
import type { RunEntry } from "../../runs/run-entry.ts";
import { join } from "../../words/key.ts";
import { type EvidenceKind, NOTHING } from "./kind.ts";

export interface FreshnessTally {
  freshness: { report: FreshnessReport; entry: RunEntry | null }[];
  data_through: Map<string, { pipeline_name: string; dataset: string } & Reach>;
  /** The latest freshness reports of each run. */
  run_freshness: Map<string, { entry: RunEntry; dataset: string } & Reach>;
}

export const emptyFreshness = (): FreshnessTally => ({
  freshness: [],
  data_through: new Map(),
  run_freshness: new Map(),
});

/** Freshness belongs to the pipeline: a refused report counts against no run. */
export const FRESHNESS: EvidenceKind<FreshnessReport, FreshnessTally> = {
  rank: 2,
  of_run: false,
  takes_run: "never",
  named: "dataset",
  names: ({ dataset }) => [dataset],
  also_stored: () => NOTHING,
  items: () => NOTHING,
  tally: tallyFreshness,
  newest: FURTHER_AHEAD,
  touched_runs: ({ run_freshness }) => run_freshness.values(),
  loose: () => NOTHING,
  gauged: false,
};

function tallyFreshness(tally: FreshnessTally, report: FreshnessReport, entry: RunEntry | null): void {
  const { pipeline_name, dataset } = report;
  tally.freshness.push({ report, entry });
  const key = join(pipeline_name, dataset);
  tally.data_through.set(key, { pipeline_name, dataset, ...reached(tally.data_through.get(key), report) });
  if (entry === null) return;
  const keyOfRun = join(pipeline_name, entry.run.run_id, dataset);
  tally.run_freshness.set(keyOfRun, { entry, dataset, ...reached(tally.run_freshness.get(keyOfRun), report) });
}
