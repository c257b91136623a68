import type { Decision } from "./decision.ts";
import type { Reason } from "./reason.ts";

/** What evidence and policy say at a moment, before overrides and upstreams. */
export interface Assessment {
  decision: Decision;
  /** What the caller acts on. */
  allowed: boolean;
  /** The gravest first, then by code and subject. */
  reasons: Reason[];
  /** The one it is about, or that was asked for and never heard of. */
  run_id: string | null;
  /** The latest time of what it was made from, milliseconds; null: nothing. */
  evidence_at: number | null;
  /** When the passing of time alone may change it, milliseconds; null: never. */
  valid_until: number | null;
}

export function sooner(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
