import type { DriftState, Mismatch } from "../../drift/drift.ts";
import type { LatencyTotal } from "../../reports/buckets.ts";
import type { RejectedItem } from "../../reports/rejection.ts";
import type { RunStatus } from "../../runs/run.ts";
import type { AlertGate } from "../gate-alert.ts";

/** What so many runs in a row had, the next one has too: the latest ended runs before it that went well and count. */
export const USUAL_RUNS = 8;

/**
 * All that a decision is made from: what was reported of one run, and what stands beside it (freshness, alerts). Times are
 * milliseconds. Lists are in the order of their names, so that the same evidence is decided the same, however it arrived.
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
  /** Of them, those that the run did not report although each of the last runs that went well did; absent: not looked at. */
  usual_features?: string[];
  /** Evidence of the run that came and could not be used, as far as nothing came in its place; absent: none was kept. */
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
  /** The latest `at` of anything heard of it, counts and latencies too; absent: as the other times here tell. */
  last_at?: number;
  error: string | null;
  data_interval_end: number | null;
  /** Who took it out of baselines and SLA; null: it counts. */
  invalidated: { actor: string; reason: string; at: number } | null;
}

export interface FreshnessEvidence {
  dataset: string;
  /** The greatest that was not ahead of its report. */
  data_through: number;
  /** What the latest report said, and its time, where it was ahead of that; absent: it was not. */
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
  /** null: not said. */
  failed: number | null;
  expected_min: number | null;
  /** An earlier good run had records in this stage: asked only where `count` is 0, else null or absent. */
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
  /** Nothing was heard of it for too long after this. */
  expires_at: number;
}
