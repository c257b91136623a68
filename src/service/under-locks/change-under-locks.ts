import { NO_CHANGE } from "../../domain/commit/change.ts";
import type { Committed } from "../../domain/commit/committed.ts";
import type { Cause } from "../../domain/gate/transition.ts";
import { SluiceError } from "../../errors.ts";
import { together } from "../../ports/together.ts";
import { type AfterCommit, type Clock, type PipelineRow, type Store, StoreError, type StoreTx } from "../../ports.ts";
import { decideGates, type GateDeps } from "../gate/decide/decide-gates.ts";
import type { InDoubt } from "./in-doubt.ts";
import { retryConflicts } from "./retry-conflicts.ts";

export interface ChangeDeps extends GateDeps {
  store: Store;
  /** Told of what was changed and decided, after the commit. */
  afterCommit: AfterCommit;
  clock: Clock;
  /** Takes the pipelines of a change whose answer was lost. */
  doubt: InDoubt;
}

/** What a change is about. */
export interface Scope {
  pipeline_names: readonly string[];
  /** Features that the work names. */
  names?: Iterable<string>;
  /** Times of rows that the work writes, milliseconds; the time of the change where left out. */
  times?: Iterable<number>;
  /** Time of the change, milliseconds; that of each try where left out. */
  at?: number;
}

export interface LockedChange<T> {
  result: T;
  committed: Committed;
  /** What the gates are decided anew for; null: they do not depend on what was changed. */
  cause: Cause | null;
}

/**
 * Changes something that gates depend on and decides them, in one transaction under the pipelines' locks: nobody sees one
 * without the other. Shown after the commit. A conflict repeats `work`: outside the transaction it must leave nothing behind.
 */
export async function changeUnderLocks<T>(
  deps: ChangeDeps,
  scope: Scope,
  work: (tx: StoreTx, pipelines: ReadonlyMap<string, PipelineRow>, now: number) => Promise<LockedChange<T>>,
): Promise<T> {
  try {
    const { result, committed } = await retryConflicts(() => changeOnce(deps, scope, work));
    deps.afterCommit.observe(committed);
    deps.doubt.archived(committed.archived);
    return result;
  } catch (error) {
    if (mayBeStored(error)) deps.doubt.add(scope.pipeline_names);
    throw error;
  }
}

async function changeOnce<T>(
  deps: ChangeDeps,
  { pipeline_names, names = [], times, at }: Scope,
  work: (tx: StoreTx, pipelines: ReadonlyMap<string, PipelineRow>, now: number) => Promise<LockedChange<T>>,
): Promise<LockedChange<T>> {
  const now = at ?? deps.clock.now();
  await deps.store.prepare({ pipeline_names, names, times: times ?? [now] });
  return deps.store.transaction(async (tx) => {
    const pipelines = await tx.lockPipelines(pipeline_names);
    const change = await work(tx, pipelines, now);
    const touched = [...pipelines.keys()];
    const { archived, features } = change.committed;
    const told = { ...NO_CHANGE, touched, archived, verdicts: features };
    if (change.cause === null) {
      await tx.commit(told);
      return change;
    }
    const gates = await decideGates(tx, deps, [...pipelines.values()], now, change.cause);
    const { gate_decisions } = await together({ gate_decisions: gates.saved, commit: tx.commit(told) });
    return { ...change, committed: { ...change.committed, gates: gates.shown, gate_decisions, touched } };
  });
}

/** Refusals and conflicts roll back; after every other failure nobody knows. */
function mayBeStored(error: unknown): boolean {
  if (error instanceof SluiceError) return false;
  return !(error instanceof StoreError) || (error.reason !== "refused" && error.reason !== "conflict");
}
