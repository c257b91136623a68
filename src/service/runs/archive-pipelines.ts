import { nothingCommitted } from "../../domain/commit/committed.ts";
import { SluiceError } from "../../errors.ts";
import { type ChangeDeps, changeUnderLocks } from "../under-locks/change-under-locks.ts";

export interface ArchiveDeps extends ChangeDeps {
  /** Called at the end: pipelines and series that hit a limit may be accepted now. */
  onRoom: () => void;
}

/** Pipelines a transaction: their reports wait for its end. */
const AT_ONCE = 500;

/** Takes away series and gates and keeps the history; the next report brings a pipeline back. Answers how many were archived now. */
export async function archivePipelines(deps: ArchiveDeps, pipeline_names: readonly string[]): Promise<number> {
  let archived = 0;
  for (let from = 0; from < pipeline_names.length; from += AT_ONCE) {
    archived += await archiveSome(deps, pipeline_names.slice(from, from + AT_ONCE));
  }
  deps.onRoom();
  return archived;
}

/** Throws `not_found` when no report of the pipeline was ever accepted. */
export async function archivePipeline(deps: ArchiveDeps, pipeline_name: string): Promise<void> {
  await archiveSome(deps, [pipeline_name], () => {
    throw new SluiceError("not_found", `pipeline_name: nothing was reported of ${JSON.stringify(pipeline_name)}`);
  });
  deps.onRoom();
}

async function archiveSome(deps: ArchiveDeps, pipeline_names: readonly string[], onUnborn = () => {}): Promise<number> {
  return changeUnderLocks(deps, { pipeline_names, times: [] }, async (tx, pipelines, now) => {
    const born = [...pipelines.values()].filter(({ born_at }) => born_at !== null);
    if (born.length < pipelines.size) onUnborn();
    await tx.archivePipelines(
      born.map(({ pipeline_id }) => pipeline_id),
      now,
    );
    const archived = born.map(({ pipeline_name }) => pipeline_name);
    return { result: archived.length, committed: { ...nothingCommitted(), archived }, cause: null };
  });
}
