import type { DriftState, Mismatch } from "../../drift/drift.ts";
import type { LatencyTotal } from "../../reports/buckets.ts";
import type { RejectedItem } from "../../reports/rejection.ts";
import type { RunStatus } from "../../runs/run.ts";
import type { AlertGate } from "../gate-alert.ts";

/** A feature that this many of the latest good runs in a row reported is expected of the next run. */
export const USUAL_RUNS = 8;

/**
 * All that a decision is made from: the reports of one run, and what is known beside it (freshness, alerts). Times are
 * milliseconds. Lists are sorted by name, so that the order of arrival does not change a decision.
 */
export interface Evidence {
  pipeline_name: string;
  /** null: no run that the decision could be about. */
  run: RunEvidence | null;
  /** The run that was asked for; null: the latest. */
  asked_run_id: string | null;
  checks: CheckEvidence[];
  /** Parts added up. */
  stages: StageEvidence[];
  features: FeatureEvidence[];
  /** Features with an active reference. */
  referenced_features: string[];
  /** Of them, those that the run did not report although each of the last good runs did; absent: not asked for. */
  usual_features?: string[];
  /** Evidence of the run that could not be used and was not replaced since; absent: none was kept. */
  rejected?: RejectedEvidence[];
  latencies: { operation: string; histogram: LatencyTotal; bounds: readonly number[] }[];
  /** Of the run where one was asked for by name, else the latest of the pipeline. */
  freshness: FreshnessEvidence[];
  /** Of the pipeline; only those that ask for the gate. */
  alerts: AlertEvidence[];
  /**
   * The pipeline's runs that are going on and were not invalidated, at most 100, those that began first; absent: not asked
   * (the question is about one run, or the policy has no longest duration).
   */
  going_on?: RunGoingOn[];
  /** What was reported without a run_id and counts for this run (domain/gate/evidence/attach.ts); absent: nothing. */
  loose?: LooseEvidence;
}

/** The latest of each check and feature. It can make the run's decision worse, never better. */
export interface LooseEvidence {
  checks: CheckEvidence[];
  features: FeatureEvidence[];
}

export type RunGoingOn = Pick<RunEvidence, "run_id" | "status" | "attempt" | "started_at" | "first_at">;

export interface RunEvidence {
  run_id: string;
  /** As RunSummary: decided by the greatest (attempt, at). */
  status: RunStatus;
  attempt: number;
  /** Neither running nor waiting for a retry. */
  ended: boolean;
  started_at: number | null;
  finished_at: number | null;
  first_at: number;
  /** The latest `at` of any report of the run, counts and latencies too; absent: take the latest of the other times here. */
  last_at?: number;
  error: string | null;
  data_interval_end: number | null;
  /** Who took it out of baselines and SLA; null: it counts. */
  invalidated: { actor: string; reason: string; at: number } | null;
}

export interface FreshnessEvidence {
  dataset: string;
  /** The greatest `data_through` that was not ahead of the `at` of its report. */
  data_through: number;
  /** The value and the `at` of the latest report, where the value was ahead of its `at`; absent: it was not. */
  ahead?: { data_through: number; at: number };
}

export interface CheckEvidence {
  check_name: string;
  /** null: it could not be computed. */
  score: number | null;
  threshold: number;
  severity: "error" | "warn";
  error: string | null;
  at: number;
}

export interface StageEvidence {
  stage: string;
  count: number;
  /** null: not reported. */
  failed: number | null;
  expected_min: number | null;
  /** An earlier good run had records in this stage. Known only where `count` is 0, else null or absent. */
  held_rows?: boolean | null;
}

export interface FeatureEvidence {
  feature_name: string;
  verdict: DriftState;
  psi: number | null;
  p_value: number | null;
  threshold: number;
  n_current: number;
  at: number;
  /** Of an `errored` one: what does not fit its reference. */
  mismatch?: Mismatch | null;
  /** Of a `drifted` one: the tests that decided, in words. */
  why?: string | null;
}

export interface RejectedEvidence extends RejectedItem {
  at: number;
}

export interface AlertEvidence {
  fingerprint: string;
  alertname: string;
  gate: AlertGate;
  summary: string | null;
  starts_at: number;
  /** From then on the alert counts as over, because Alertmanager did not repeat it. */
  expires_at: number;
}
