import { nothingCommitted } from "../../../domain/commit/committed.ts";
import type { Cause } from "../../../domain/gate/transition.ts";
import type { PipelineRow, StoreTx } from "../../../ports.ts";
import { type ChangeDeps, changeUnderLocks } from "../../under-locks/change-under-locks.ts";

export type DecideDeps = ChangeDeps;

/** Pipelines a transaction: bounds how long their reports wait. */
const AT_ONCE = 200;

/** Decides gates anew: time has passed, or the policy is another. */
export async function decideAgain(deps: DecideDeps, pipeline_names: readonly string[], cause: Cause): Promise<void> {
  for (let from = 0; from < pipeline_names.length; from += AT_ONCE) {
    await changeGates(deps, pipeline_names.slice(from, from + AT_ONCE), cause, async () => undefined);
  }
}

/** Changes something that gates depend on, and decides them. */
export function changeGates<T>(
  deps: DecideDeps,
  pipeline_names: readonly string[],
  cause: Cause,
  change: (tx: StoreTx, pipelines: ReadonlyMap<string, PipelineRow>, now: number) => Promise<T>,
): Promise<T> {
  return changeUnderLocks(deps, { pipeline_names }, async (tx, pipelines, now) => ({
    result: await change(tx, pipelines, now),
    committed: nothingCommitted(),
    cause,
  }));
}
