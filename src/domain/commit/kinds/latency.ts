import { addLatencyBuckets, type LatencyBuckets } from "../../reports/buckets.ts";
import type { LatencyReport } from "../../reports/report.ts";
import type { RunEntry } from "../../runs/run-entry.ts";
import { join } from "../../words/key.ts";
import { type EvidenceKind, NOTHING } from "./kind.ts";

export interface LatencyTally {
  latencies: { report: LatencyReport; entry: RunEntry | null }[];
  latency_totals: Map<string, { pipeline_name: string; operation: string; histogram: LatencyBuckets }>;
  /** The sum of the latencies of each run. */
  run_latencies: Map<string, { entry: RunEntry; operation: string; histogram: LatencyBuckets }>;
}

export const emptyLatency = (): LatencyTally => ({
  latencies: [],
  latency_totals: new Map(),
  run_latencies: new Map(),
});

/** Latency belongs to the pipeline: a refused report counts against no run. */
export const LATENCY: EvidenceKind<LatencyReport, LatencyTally> = {
  rank: 2,
  of_run: false,
  takes_run: "never",
  named: "operation",
  names: ({ operation }) => [operation],
  also_stored: () => NOTHING,
  items: () => NOTHING,
  tally: tallyLatency,
  newest: null,
  touched_runs: ({ run_latencies }) => run_latencies.values(),
  loose: () => NOTHING,
  gauged: false,
};

function tallyLatency(tally: LatencyTally, report: LatencyReport, entry: RunEntry | null): void {
  const { pipeline_name, operation, histogram } = report;
  tally.latencies.push({ report, entry });
  addTo(tally.latency_totals, join(pipeline_name, operation), { pipeline_name, operation, histogram });
  if (entry !== null)
    addTo(tally.run_latencies, join(pipeline_name, entry.run.run_id, operation), { entry, operation, histogram });
}

function addTo<V extends { histogram: LatencyBuckets }>(sums: Map<string, V>, key: string, value: V): void {
  const known = sums.get(key);
  if (known !== undefined) addLatencyBuckets(known.histogram, value.histogram);
  else sums.set(key, { ...value, histogram: { ...value.histogram, buckets: [...value.histogram.buckets] } });
}
