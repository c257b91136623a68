import type { Decision } from "../domain/gate/assess.ts";
import type { AttachRules } from "../domain/gate/evidence/attach.ts";
import type { Evidence } from "../domain/gate/evidence/evidence.ts";
import type { AlertGate } from "../domain/gate/gate-alert.ts";
import type { GatePolicy } from "../domain/gate/policy/policy.ts";
import type { Cause, GateState, Override, Transition } from "../domain/gate/transition.ts";

/** The run that a gate's decision is about. */
export interface Subject {
  run_key: number;
  run_order: number;
  data_interval_end: number | null;
  /** It ended, though it may have been started again since. */
  ended_once: boolean;
}

/** A pipeline's gate as the store has it, with everything that its decision is made from. */
export interface GateRow {
  pipeline_id: number;
  pipeline_name: string;
  archived: boolean;
  subject: Subject | null;
  evidence: Evidence;
  /** Those that have not ended, and expire later than the time that was asked about. */
  overrides: Override[];
  /** null: not decided yet. */
  state: GateState | null;
  revision: number;
}

export interface GateSave {
  pipeline_id: number;
  subject: Subject | null;
  state: GateState;
  revision: number;
  /** null: the same decision with other numbers. */
  transition: (Pick<Transition, "cause" | "from"> & { evidence: Evidence }) | null;
}

/** New decisions of a pipeline since ever. */
export interface GateCount {
  pipeline_id: number;
  decision: Decision;
  code: string;
  total: number;
}

/** Which run a gate is to be decided on; at most one of the last two. */
export interface GateAsk {
  pipeline_name: string;
  now: number;
  /** Which evidence without a run_id counts for the run. */
  attach: AttachRules;
  /** The latest run of all, not the latest that ended. */
  any_run: boolean;
  /** Whether the runs that are going on are asked for too; not with the two below. */
  going_on?: boolean;
  run_id?: string;
  /** The run whose data interval ends then. */
  data_interval_end?: number;
}

/** Which evidence of a pipeline's latest run is asked for, see GateAsk. */
export type LatestAsk = Required<Pick<GateAsk, "pipeline_name" | "any_run" | "going_on" | "attach">>;

export interface AlertHeard {
  pipeline_id: number;
  fingerprint: string;
  alertname: string;
  gate: AlertGate;
  summary: string | null;
  starts_at: number;
  resolved: boolean;
  heard_at: number;
  expires_at: number;
}

/** The part of a transaction that is about gates. The pipelines are locked. */
export interface GateTx {
  /**
   * `any_run`: the decision is about the latest run of all, not the latest that ended. `going_on`: with the runs that are going
   * on. In the order of the pipelines given.
   */
  loadGates(
    pipelines: readonly { pipeline_id: number; any_run: boolean; going_on: boolean; attach: AttachRules }[],
    now: number,
  ): Promise<GateRow[]>;
  /** Saves states, appends the transitions, counts them. */
  saveGates(rows: readonly GateSave[]): Promise<GateCount[]>;
  savePolicies(policies: readonly { policy_version: string; policy: GatePolicy }[], now: number): Promise<void>;
  /** A resolved episode stays resolved; a firing one lasts until the latest it was heard to. */
  saveAlerts(alerts: readonly AlertHeard[]): Promise<void>;
  /** Answers whether there was room: `most` hold at once. */
  addOverride(pipeline_id: number, override: Override, key_name: string | null, most: number): Promise<boolean>;
  /** false: there is none of this pipeline that has not ended. */
  endOverride(pipeline_id: number, override_id: string, actor: string, now: number): Promise<boolean>;
  /** Takes the run with its rows and rollups out of baselines and SLA; null: no such run, false: it was out already. */
  invalidateRun(
    pipeline_id: number,
    run_id: string,
    by: { actor: string; reason: string; at: number },
  ): Promise<boolean | null>;
  archivePipelines(pipeline_ids: readonly number[], now: number): Promise<void>;
}

/** Gates, outside of a transaction. Throws `StoreError`, see Store. */
export interface GateStore {
  /** Pipelines whose decision time may have changed by now, the earliest first. */
  dueGates(now: number, limit: number): Promise<string[]>;
  /** Pipelines that reported and whose gate was never decided (by an older version of the agent). */
  undecidedPipelines(): Promise<string[]>;
}

export interface OverrideRow extends Override {
  ended_at: number | null;
  ended_by: string | null;
}

/** A line of the history of a gate; `at`: when it was decided. */
export interface TransitionRow extends Omit<GateState, "decided_at" | "valid_until"> {
  revision: number;
  cause: Cause;
  from_decision: Decision | null;
  evidence: Evidence;
  at: number;
}

/** A decision of the past, as much of it as a replay needs. */
export interface PastDecision {
  run_id: string | null;
  evidence: Evidence;
  override: Override | null;
  at: number;
  /** When the next decision was made, about this or another run; null: it still stands. */
  until: number | null;
}

export interface Mute {
  mute_id: string;
  /** A name or glob; null: every pipeline. */
  pipeline_name: string | null;
  /** A reason's code; null: every one. */
  code: string | null;
  reason: string;
  actor: string;
  created_at: number;
  expires_at: number;
}

/** Where the decisions are shown, with their upstreams taken in. */
export interface GateGauges {
  showGates(gates: readonly { pipeline_name: string; decision: Decision; allowed: boolean }[]): void;
  /** Exactly these. */
  showUpstreams(edges: readonly { pipeline_name: string; upstream: string }[]): void;
}

/** The read side of gates. */
export interface GateReader {
  /** null: the pipeline, or the run that was asked for, is not known. */
  gateEvidence(ask: GateAsk): Promise<GateRow | null>;
  /** The same about the latest run of many pipelines at once; those that are not known are left out. */
  latestEvidence(asks: readonly LatestAsk[], now: number): Promise<GateRow[]>;
  gateHistory(filter: {
    pipeline_name: string;
    since: number | null;
    until: number | null;
    after: { at: number; revision: number } | null;
    limit: number;
  }): Promise<TransitionRow[]>;
  /** The last decision at or before that time; about the run, where one is named. null: there is none. */
  decisionAt(pipeline_name: string, run_id: string | null, at: number): Promise<PastDecision | null>;
  listOverrides(pipeline_name: string, after: { at: number; id: string } | null, limit: number): Promise<OverrideRow[]>;
  readPolicy(policy_version: string): Promise<GatePolicy | null>;
  listMutes(now: number): Promise<Mute[]>;
}

export interface MuteStore {
  addMute(mute: Mute, key_name: string | null): Promise<void>;
  /** false: there is none that has not ended. */
  endMute(mute_id: string, actor: string, now: number): Promise<boolean>;
}
