import type { Evidence } from "../evidence/evidence.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { CheckResult } from "../reason.ts";

export interface Asking {
  /** Milliseconds. */
  now: number;
  /** Decide on the evidence so far: the task that asks is a part of the run. */
  while_running: boolean;
}

/** Pure: bad data is a reason, never a throw. */
export type Check = (evidence: Evidence, policy: GatePolicy, asking: Asking) => CheckResult;

export const NOTHING: CheckResult = { reasons: [], valid_until: null, judged: false };
