import { nothingCommitted } from "../../../domain/commit/committed.ts";
import type { Cause } from "../../../domain/gate/transition.ts";
import type { Clock, Metrics, PipelineRow, Store, StoreTx } from "../../../ports.ts";
import { decideGates, type GateDeps } from "./decide-gates.ts";

export interface DecideDeps extends GateDeps {
  store: Store;
  /** Told of what was decided, after the commit. */
  metrics: Metrics;
  clock: Clock;
}

/** Pipelines a transaction: bounds how long their reports wait. */
const AT_ONCE = 200;

/** Decides gates anew: time has passed, or the policy is another. */
export async function decideAgain(deps: DecideDeps, pipeline_names: readonly string[], cause: Cause): Promise<void> {
  for (let from = 0; from < pipeline_names.length; from += AT_ONCE) {
    await changeGates(deps, pipeline_names.slice(from, from + AT_ONCE), cause, async () => undefined);
  }
}

/**
 * Changes something that gates depend on and decides them, in one transaction under the pipelines' locks: nobody sees one
 * without the other.
 */
export async function changeGates<T>(
  deps: DecideDeps,
  pipeline_names: readonly string[],
  cause: Cause,
  change: (tx: StoreTx, pipelines: ReadonlyMap<string, PipelineRow>, now: number) => Promise<T>,
): Promise<T> {
  const { store, metrics, clock } = deps;
  const now = clock.now();
  await store.prepare({ pipeline_names, names: [], times: [now] });
  const { result, committed } = await store.transaction(async (tx) => {
    const pipelines = await tx.lockPipelines(pipeline_names);
    const result = await change(tx, pipelines, now);
    const gates = await decideGates(tx, deps, [...pipelines.values()], now, cause);
    const [gate_decisions] = await Promise.all([gates.saved, tx.commit()]);
    const touched = [...pipelines.keys()];
    return { result, committed: { ...nothingCommitted(), gates: gates.shown, gate_decisions, touched } };
  });
  metrics.observe(committed);
  return result;
}
