import type { Evidence } from "../evidence.ts";
import type { CheckResult } from "../finding.ts";
import type { GatePolicy } from "../policy.ts";

export interface Asking {
  /** Milliseconds. */
  now: number;
  /** Decide on the evidence so far: the task that asks is a part of the run. */
  while_running: boolean;
}

/** Pure: bad data is a finding, never a throw. */
export type Check = (evidence: Evidence, policy: GatePolicy, asking: Asking) => CheckResult;

export const NOTHING: CheckResult = { findings: [], valid_until: null, judged: false };
