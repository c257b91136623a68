import type { Evidence } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import type { GatePolicy } from "./policy.ts";

export const DECISIONS = ["pass", "warn", "block", "pending", "unknown"] as const;

export type Decision = (typeof DECISIONS)[number];

/** What evidence and policy say at a moment, before overrides and upstreams. */
export interface Assessment {
  decision: Decision;
  /** What the caller acts on. */
  allowed: boolean;
  /** The gravest first, then by code and subject. */
  reasons: Finding[];
  run_id: string | null;
  /** The latest time of what it was made from, milliseconds; null: nothing. */
  evidence_at: number | null;
  /** When the passing of time alone may change it, milliseconds; null: never. */
  valid_until: number | null;
}

export interface Asking {
  now: number;
  /** Decide on the evidence so far: the task that asks is a part of the run. */
  while_running: boolean;
}

/** The decision about one run's evidence. Pure: the same evidence, policy and time always give the same assessment. */
export declare function assess(evidence: Evidence, policy: GatePolicy, asking: Asking): Assessment;
/** The gravest finding decides; none is a pass. */
export declare function decisionOf(findings: readonly Finding[]): Decision;
