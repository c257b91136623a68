import type { GateAnswer } from "../gate-views.ts";
import type { GateWaiters } from "../gate-waiters.ts";
import { isUndecided } from "./cut-off.ts";
import { type GateRequest, type ReadGateDeps, readGate } from "./read-gate.ts";

export interface WaitDeps extends ReadGateDeps {
  waiters: GateWaiters<GateAnswer>;
}

/** Reads the gate; while the decision is pending, waits for it as long as that, or until nobody is there to hear it. */
export async function waitForGate(
  deps: WaitDeps,
  question: GateRequest,
  milliseconds: number,
  gone: AbortSignal,
): Promise<GateAnswer> {
  const until = AbortSignal.any([gone, AbortSignal.timeout(milliseconds)]);
  const { pipeline_name, run_id, consumer, while_running } = question;
  const key = JSON.stringify([pipeline_name, run_id, consumer, while_running]);
  const look = async () => readGate(deps, question);
  const decided = await deps.waiters.wait(
    key,
    { pipeline_name, look, isDecided: (answer) => !isUndecided(answer) },
    until,
  );
  return decided ?? deps.waiters.lookOnce(key, { pipeline_name, look });
}
