import { isDeepStrictEqual } from "node:util";
import { EVIDENCE_KINDS } from "../../../domain/commit/kinds.ts";
import { limitsDuration } from "../../../domain/gate/policy/policy.ts";
import { summarize } from "../../../domain/runs/run.ts";
import type { RunEntry } from "../../../domain/runs/runs-of-commit.ts";
import type { PipelineRow } from "../../../ports.ts";
import type { Applying } from "../../commit/applying.ts";
import type { Policies } from "../policies.ts";

export interface TouchedGates {
  /** Their own decision may be another one: it is made in the commit. */
  to_decide: PipelineRow[];
  /** They stay pending whatever came: what they say beside that word is read when somebody asks. */
  still_pending: PipelineRow[];
}

/**
 * The pipelines whose own decision may be another one after a commit: those of which the run that it is about changed, or
 * got evidence, makes place for a later one, or is compared with an earlier one. A run that is going on behind an ended one
 * changes nothing yet, unless the policy says how long a run may go on. Evidence of the run that a pending gate waits for
 * changes no decision before that run ends, so that none is made.
 */
export function gatesTouchedBy(
  { tally, pipelines }: Pick<Applying, "tally"> & { pipelines: ReadonlyMap<string, PipelineRow> },
  { dirty, rejected }: { dirty: readonly RunEntry[]; rejected: ReadonlySet<number> },
  policies: Policies,
): TouchedGates {
  const touched = new Set<PipelineRow>();
  const pending = new Set<PipelineRow>();
  const look = (entry: RunEntry, changed: boolean) => {
    const pipeline = pipelines.get(entry.run.pipeline_name)!;
    if (touched.has(pipeline)) return;
    if (staysPending(entry, pipeline, policies, changed)) pending.add(pipeline);
    else if (concerns(entry, pipeline, policies, changed)) touched.add(pipeline);
  };
  for (const entry of dirty) {
    const pipeline = pipelines.get(entry.run.pipeline_name)!;
    // Evidence without a run_id may count for another run after this one changed.
    if (pipeline.last_loose_at !== null) touched.add(pipeline);
    else look(entry, true);
  }
  for (const kind of EVIDENCE_KINDS) {
    for (const { entry } of kind.touched_runs(tally)) look(entry, false);
    for (const { pipeline_name } of kind.loose(tally)) touched.add(pipelines.get(pipeline_name)!);
  }
  for (const { pipeline_name, ahead } of tally.data_through.values()) {
    const pipeline = pipelines.get(pipeline_name)!;
    const { max_lag } = policies.of(pipeline_name).policy.freshness;
    if (max_lag !== null || ahead !== null || pipeline.had_data_ahead) touched.add(pipeline);
  }
  if (rejected.size > 0) {
    for (const pipeline of pipelines.values()) if (rejected.has(pipeline.pipeline_id)) touched.add(pipeline);
  }
  return { to_decide: [...touched], still_pending: [...pending].filter((pipeline) => !touched.has(pipeline)) };
}

/**
 * The gate is pending since the run that it is about goes on, or nobody said how it goes, and what came is evidence of that run
 * alone: what it finds wrong, the run may still put right (checks/index.ts), so the gate stays pending.
 */
function staysPending(
  entry: RunEntry,
  { gate, pipeline_name }: PipelineRow,
  policies: Policies,
  changed: boolean,
): boolean {
  if (gate === null || gate.decision !== "pending" || gate.run_key === null || entry.key !== gate.run_key) return false;
  const { policy } = policies.of(pipeline_name);
  if (policy.run === "off" || entry.before === null || entry.before.ended) return false;
  if (!changed) return true;
  return !entry.has_run_report && !limitsDuration(policy) && isDeepStrictEqual(summarize(entry.run), entry.before);
}

/** `changed`: the run itself, not only what was reported of its data. */
function concerns(
  { run, key }: RunEntry,
  { gate, pipeline_name }: PipelineRow,
  policies: Policies,
  changed: boolean,
): boolean {
  if (gate === null || !gate.ended_once || gate.run_order === null) return true;
  if (key === gate.run_key) return true;
  const { policy } = policies.of(pipeline_name);
  if (policy.run === "off" || (changed && limitsDuration(policy))) return true;
  // Nobody began or ended it, so that its checks count for the run before it too.
  if (run.runless && run.attempts.length === 0) return true;
  // A run behind it is one of those that it is compared with.
  return summarize(run).ended_once;
}
