import type { Assessment, Decision } from "./assess.ts";
import type { Reason } from "./reason.ts";

/** A decision that somebody made in place of the evidence, for a limited time. It alters no evidence. */
export interface Override {
  override_id: string;
  decision: "pass" | "block";
  reason: string;
  actor: string;
  created_at: number;
  expires_at: number;
  /** The run it is about; null: every run. */
  run_id: string | null;
}

/** A pipeline's own decision as it is stored: evidence, policy, alerts and overrides, without its upstreams. Times: milliseconds. */
export interface GateState extends Assessment {
  /** Names this decision: it stays the same until something about it changes. */
  decision_id: string;
  decided_at: number;
  policy_version: string;
  override: Override | null;
}

/** What made a decision be made again. */
export type Cause = "evidence" | "policy" | "alert" | "override" | "time" | "invalidation";

/** One line of a gate's history: append-only. */
export interface Transition {
  pipeline_id: number;
  pipeline_name: string;
  cause: Cause;
  /** null: the first decision. */
  from: Decision | null;
  state: GateState;
}

/**
 * Whether two states are the same decision: the same words about the same run for the same reasons, whatever the numbers.
 * A number that moves on updates the state; it makes no new line of history.
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
