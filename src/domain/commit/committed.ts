export type { LatencyTotal } from "../reports/buckets.ts";

import type { DriftState } from "../drift/drift.ts";
import type { Decision } from "../gate/decision.ts";
import type { Cause, GateState } from "../gate/transition.ts";
import type { LatencyTotal } from "../reports/buckets.ts";
import type { EndStatus } from "../reports/report.ts";
import type { RunSummary } from "../runs/run.ts";

/**
 * The state of the store after a commit, for the series that the commit touched. All values are totals and states, never
 * differences: observing one twice is harmless, and a restore at start observes everything.
 */
export interface Committed {
  /** `key_name`: the API key that was the first to name it, where that is read from the store. */
  births: { pipeline_name: string; born_at: number; key_name?: string | null }[];
  runs: { pipeline_name: string; status: EndStatus; total: number }[];
  durations: { pipeline_name: string; histogram: LatencyTotal }[];
  records: { pipeline_name: string; stage: string; processed: number; failed: number; born_at: number }[];
  latencies: { pipeline_name: string; operation: string; histogram: LatencyTotal; born_at: number }[];
  checks: ({ pipeline_name: string } & CheckGauge)[];
  freshness: { pipeline_name: string; dataset: string; data_through: number }[];
  headlines: Headline[];
  features: ({ pipeline_name: string } & FeatureGauge)[];
  /** All check and feature gauges of these pipelines are to be replaced (their runs changed order). */
  rechecked: { pipeline_name: string; checks: CheckGauge[]; features: FeatureGauge[] }[];
  gates: GateShown[];
  /**
   * Evidence came of a run that goes on, and their gates were left as they are: pending. What they say beside that word is read
   * when somebody asks.
   */
  undecided: string[];
  /** New decisions since ever, by the code of their first reason. */
  gate_decisions: { pipeline_name: string; decision: Decision; code: string; total: number }[];
  /** Runs as they stand after a report about them. */
  run_changes: RunSummary[];
  /** Pipelines with a report in this commit: requests that wait for their decision check again. */
  touched: string[];
  /** Archived pipelines that report again: all they have is to be read and shown again. */
  revived: string[];
  /** Pipelines that are archived: after all else of this, nothing of them is shown any more. */
  archived: string[];
}

/** The fields that each kind of report fills; `restore` reads all of them again. */
export interface ShownOf {
  run: Pick<Committed, "runs" | "durations">;
  records: Pick<Committed, "records">;
  quality: Pick<Committed, "checks">;
  latency: Pick<Committed, "latencies">;
  freshness: Pick<Committed, "freshness">;
  drift: Pick<Committed, "features">;
  schema: Pick<Committed, never>;
}

/** A pipeline's own decision. Of two of one pipeline that with the greater revision is the later. */
export interface GateShown {
  pipeline_name: string;
  revision: number;
  state: GateState;
  /** End of the data interval of the run that it is about, milliseconds. */
  data_interval_end: number | null;
  /** The cause of a new decision; null: the decision is the one before with other numbers. */
  cause: Cause | null;
}

/** The newest outcome of a check. A later run (`run_order`), and within a run a later `at`, takes its place. */
export interface CheckGauge {
  check_name: string;
  run_order: number;
  at: number;
  /** null: the check could not be computed, so that there is no score to show. */
  score: number | null;
  threshold: number;
}

/** The newest verdict on a feature, by the rule for the outcome of a check. */
export interface FeatureGauge {
  feature_name: string;
  run_order: number;
  at: number;
  verdict: DriftState;
  /** null: nothing to compare. */
  psi: number | null;
  p_value: number | null;
  threshold: number;
  n_current: number;
}

/** Milliseconds; null = never. Check gauges of runs older than `gauge_horizon` are no longer shown. */
export interface Headline {
  pipeline_name: string;
  last_success_at: number | null;
  last_failure_at: number | null;
  last_duration_seconds: number | null;
  gauge_horizon: number | null;
}

export function nothingCommitted(): Committed {
  return {
    births: [],
    runs: [],
    durations: [],
    records: [],
    latencies: [],
    checks: [],
    features: [],
    freshness: [],
    headlines: [],
    rechecked: [],
    gates: [],
    undecided: [],
    gate_decisions: [],
    run_changes: [],
    touched: [],
    revived: [],
    archived: [],
  };
}
