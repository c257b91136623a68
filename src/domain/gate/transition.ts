import type { Assessment, Decision } from "./assess.ts";
import type { Reason } from "./reason.ts";

/** A person's decision in place of the evidence, for a limited time. The evidence stays as it is. */
export interface Override {
  override_id: string;
  decision: "pass" | "block";
  reason: string;
  actor: string;
  created_at: number;
  expires_at: number;
  /** The run it applies to; null: every run. */
  run_id: string | null;
}

/** A pipeline's own decision as stored: it follows evidence, policy, alerts and overrides, not upstreams. Times are milliseconds. */
export interface GateState extends Assessment {
  /** Identifies the decision; it changes when sameDecision finds another one. */
  decision_id: string;
  decided_at: number;
  policy_version: string;
  override: Override | null;
}

/** What triggered the new decision. */
export type Cause = "evidence" | "policy" | "alert" | "override" | "time" | "invalidation";

/** One line of a gate's history, which only grows. */
export interface Transition {
  pipeline_id: number;
  pipeline_name: string;
  cause: Cause;
  /** null: the first decision. */
  from: Decision | null;
  state: GateState;
}

/**
 * Whether two states are the same decision: equal in decision, run, policy, override and reasons; observed numbers may differ.
 * A number that moves updates the state and adds no line to the history: a gate that stays closed would fill it.
 */
export function sameDecision(a: GateState, b: Omit<GateState, "decision_id" | "decided_at">): boolean {
  return (
    a.decision === b.decision &&
    a.allowed === b.allowed &&
    a.run_id === b.run_id &&
    a.policy_version === b.policy_version &&
    a.override?.override_id === b.override?.override_id &&
    a.reasons.length === b.reasons.length &&
    a.reasons.every((reason, i) => sameReason(reason, b.reasons[i]!))
  );
}

function sameReason(a: Reason, b: Reason): boolean {
  return a.code === b.code && a.severity === b.severity && a.subject === b.subject;
}
