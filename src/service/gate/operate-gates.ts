import type { Override } from "../../domain/gate/transition.ts";
import { SluiceError } from "../../errors.ts";
import { changeGates, type DecideDeps } from "./decide/decide-again.ts";

export interface OperateDeps extends DecideDeps {
  newId: () => string;
}

export type NewOverride = Pick<Override, "decision" | "reason" | "actor" | "expires_at" | "run_id">;

/** Overrides of a pipeline that hold at once: each of its decisions is held against all of them. */
const MOST_OVERRIDES = 100;

/** Somebody decides in place of the evidence, for a limited time. */
export async function addOverride(
  deps: OperateDeps,
  pipeline_name: string,
  asked: NewOverride,
  key_name: string | null,
): Promise<Override> {
  return changeGates(deps, [pipeline_name], "override", async (tx, pipelines, now) => {
    if (pipelines.get(pipeline_name)!.born_at === null) {
      throw new SluiceError("not_found", `pipeline_name: nothing was reported of ${JSON.stringify(pipeline_name)}`);
    }
    const override: Override = { override_id: deps.newId(), ...asked, created_at: now };
    const { pipeline_id } = pipelines.get(pipeline_name)!;
    if (await tx.addOverride(pipeline_id, override, key_name, MOST_OVERRIDES)) return override;
    const where = `${JSON.stringify(pipeline_name)} has ${MOST_OVERRIDES} overrides that hold now`;
    throw new SluiceError("limit_reached", `${where}; end one with DELETE first`);
  });
}

export async function endOverride(
  deps: OperateDeps,
  pipeline_name: string,
  override_id: string,
  actor: string,
): Promise<void> {
  await changeGates(deps, [pipeline_name], "override", async (tx, pipelines, now) => {
    const { pipeline_id } = pipelines.get(pipeline_name)!;
    if (await tx.endOverride(pipeline_id, override_id, actor, now)) return;
    const which = `${JSON.stringify(override_id)} of ${JSON.stringify(pipeline_name)}`;
    throw new SluiceError("not_found", `override_id: ${which} is no override that holds now`);
  });
}

/** Takes a run out of baselines and SLA; its gate is closed. Twice is harmless; the first who did it stands. */
export async function invalidateRun(
  deps: OperateDeps,
  pipeline_name: string,
  run_id: string,
  by: { actor: string; reason: string },
): Promise<{ already: boolean }> {
  return changeGates(deps, [pipeline_name], "invalidation", async (tx, pipelines, now) => {
    const { pipeline_id } = pipelines.get(pipeline_name)!;
    const done = await tx.invalidateRun(pipeline_id, run_id, { ...by, at: now });
    if (done !== null) return { already: !done };
    const which = `${JSON.stringify(run_id)} of ${JSON.stringify(pipeline_name)}`;
    throw new SluiceError("not_found", `run_id: nothing was reported of run ${which}`);
  });
}
