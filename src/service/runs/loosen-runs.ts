import { type RunEntry, runKey } from "../../domain/runs/runs-of-commit.ts";
import type { PipelineRow, RunTx } from "../../ports.ts";
import type { Accepted } from "../commit/admit-reports.ts";

export interface LetGo {
  /** The run-less runs that are left. */
  runless: RunEntry[];
  /** Pipelines whose gauges are to be read again. */
  loosened: PipelineRow[];
}

/**
 * Pipelines of which this commit names a run for the first time: what their run-less runs hold of quality, drift and schemas alone is
 * loose from now on. Before anything of the commit is applied, so that the order within it does not matter.
 */
export async function loosenRuns(
  tx: RunTx,
  accepted: readonly Accepted[],
  pipelines: ReadonlyMap<string, PipelineRow>,
  { loaded, runless }: { loaded: readonly RunEntry[]; runless: readonly RunEntry[] },
): Promise<LetGo> {
  const named = new Map<number, PipelineRow>();
  // Whoever ends a run-less run by the id that it was given names none.
  const given = new Set(
    loaded.filter(({ run }) => run.runless).map(({ run }) => runKey(run.pipeline_name, run.run_id)),
  );
  for (const { submission } of accepted) {
    const { kind, run_id, pipeline_name } = submission.report;
    const pipeline = pipelines.get(pipeline_name)!;
    if (kind !== "run" || run_id === null || given.has(runKey(pipeline_name, run_id))) continue;
    if (!pipeline.has_named_runs && pipeline.born_at !== null) {
      named.set(pipeline.pipeline_id, pipeline);
    }
  }
  if (named.size === 0) return { runless: [...runless], loosened: [] };
  const gone = await tx.loosenRuns([...named.keys()]);
  const loosened = new Set<PipelineRow>();
  for (const { pipeline_id, last_at } of gone) {
    const pipeline = named.get(pipeline_id)!;
    if (last_at !== null) pipeline.last_loose_at = Math.max(last_at, pipeline.last_loose_at ?? last_at);
    loosened.add(pipeline);
  }
  const keys = new Set<number | null>(gone.map(({ run_key }) => run_key));
  return { runless: runless.filter(({ key }) => !keys.has(key)), loosened: [...loosened] };
}
