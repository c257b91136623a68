import type { Decision } from "./decision.ts";
import type { Reason } from "./reason.ts";

/** What evidence and policy say at a moment, before overrides and upstreams. */
export interface Assessment {
  decision: Decision;
  /** What the caller acts on. */
  allowed: boolean;
  /** The gravest first, then by code and subject. */
  reasons: Reason[];
  /** The run decided on, or the run that was asked for although nothing of it was reported. */
  run_id: string | null;
  /** The latest time in the evidence, milliseconds; null: there was no evidence. */
  evidence_at: number | null;
  /** When the passing of time alone may change it, milliseconds; null: never. */
  valid_until: number | null;
}

export function sooner(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
