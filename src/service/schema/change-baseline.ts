import { nothingCommitted } from "../../domain/commit/committed.ts";
import type { HashedSchema } from "../../domain/reports/report.ts";
import { SluiceError } from "../../errors.ts";
import type { DatasetRef, StoreTx } from "../../ports.ts";
import { type ChangeDeps, changeUnderLocks } from "../under-locks/change-under-locks.ts";

export interface Dataset {
  pipeline_name: string;
  dataset: string;
}

/** What the run has is right: it is what later runs are held against. Its own gate is decided again. */
export async function acceptSchema(
  deps: ChangeDeps,
  of: Dataset,
  { run_id, actor }: { run_id: string; actor: string },
): Promise<void> {
  await change(deps, of, async (tx, ref, now) => {
    const found = await tx.schemaOfRun(ref, run_id);
    if (found === null) {
      const which = `run ${JSON.stringify(run_id)} of ${JSON.stringify(of.pipeline_name)}`;
      throw new SluiceError("not_found", `run_id: ${which} reported no schema of ${JSON.stringify(of.dataset)}`);
    }
    await tx.setSchemaBaseline(ref, { ...found, source: "accepted", run_id, actor, set_at: now });
  });
}

/** Runs from now on are held against it; what earlier ones taught is forgotten. */
export async function declareSchema(
  deps: ChangeDeps,
  of: Dataset,
  { schema, actor }: { schema: HashedSchema; actor: string },
): Promise<void> {
  await change(deps, of, (tx, ref, now) =>
    tx.setSchemaBaseline(ref, { schema, source: "declared", run_id: null, run_order: now, actor, set_at: now }),
  );
}

/** What was declared or accepted is over: what was learned holds. */
export async function forgetSchema(deps: ChangeDeps, of: Dataset, actor: string): Promise<void> {
  await change(deps, of, async (tx, ref, now) => {
    if (await tx.endSchemaBaseline(ref, { actor, now })) return;
    throw new SluiceError(
      "not_found",
      `dataset: nobody declared or accepted a schema of ${JSON.stringify(of.dataset)}`,
    );
  });
}

/** Under the pipeline's lock, so that no decision is made on half a change. */
function change(
  deps: ChangeDeps,
  { pipeline_name, dataset }: Dataset,
  work: (tx: StoreTx, ref: DatasetRef, now: number) => Promise<void>,
): Promise<void> {
  const scope = { pipeline_names: [pipeline_name], names: [dataset] };
  return changeUnderLocks(deps, scope, async (tx, pipelines, now) => {
    const pipeline = pipelines.get(pipeline_name)!;
    await work(tx, { pipeline, dataset }, now);
    // What was declared before any report is no evidence.
    const cause = pipeline.born_at === null ? null : "evidence";
    return { result: undefined, committed: nothingCommitted(), cause };
  });
}
