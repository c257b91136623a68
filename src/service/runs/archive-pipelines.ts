import { SluiceError } from "../../errors.ts";
import type { Clock, Store, StoreTx } from "../../ports.ts";
import { retryConflicts } from "../under-locks/retry-conflicts.ts";

export interface ArchiveDeps {
  store: Store;
  clock: Clock;
  /** Told of those that are archived now: their series and gates are to go. */
  onArchived: (pipeline_names: readonly string[]) => void;
  /** Told at the end: there may be room again for what had found none. */
  onRoom: () => void;
}

/** Pipelines a transaction: bounds how long their reports wait. */
const AT_ONCE = 500;

/** Series and gate go, history stays; a pipeline comes back with its next report. Answers how many were archived now. */
export async function archivePipelines(deps: ArchiveDeps, pipeline_names: readonly string[]): Promise<number> {
  let archived = 0;
  for (let from = 0; from < pipeline_names.length; from += AT_ONCE) {
    archived += await archiveSome(deps, pipeline_names.slice(from, from + AT_ONCE));
  }
  deps.onRoom();
  return archived;
}

/** Throws `not_found` where nothing was ever reported of it. */
export async function archivePipeline(deps: ArchiveDeps, pipeline_name: string): Promise<void> {
  await archiveSome(deps, [pipeline_name], () => {
    throw new SluiceError("not_found", `pipeline_name: nothing was reported of ${JSON.stringify(pipeline_name)}`);
  });
  deps.onRoom();
}

async function archiveSome(
  { store, clock, onArchived }: ArchiveDeps,
  names: readonly string[],
  onUnborn = () => {},
): Promise<number> {
  await store.prepare({ pipeline_names: names, names: [], times: [] });
  const inOne = async (tx: StoreTx) => {
    const pipelines = [...(await tx.lockPipelines(names)).values()];
    const born = pipelines.filter(({ born_at }) => born_at !== null);
    if (born.length < pipelines.length) onUnborn();
    await tx.archivePipelines(
      born.map(({ pipeline_id }) => pipeline_id),
      clock.now(),
    );
    return born.map(({ pipeline_name }) => pipeline_name);
  };
  const archived = await retryConflicts(() => store.transaction(inOne));
  onArchived(archived);
  return archived.length;
}
