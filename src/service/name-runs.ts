import type { RunBook } from "../domain/run-book.ts";
import type { PipelineRow, StoreTx } from "../ports.ts";
import type { Accepted } from "./admit-reports.ts";

/** Pipelines that a commit names runs of for the first time. */
export interface Named {
  named: PipelineRow[];
  /** Those whose run-less run turned out to be loose evidence: their gauges are to be read again. */
  loosened: PipelineRow[];
}

/** Before anything of a commit is applied, so that the order within a batch does not matter. */
export async function nameRuns(
  tx: StoreTx,
  accepted: readonly Accepted[],
  pipelines: ReadonlyMap<string, PipelineRow>,
): Promise<Named> {
  const named = new Set<PipelineRow>();
  for (const { submission } of accepted) {
    const { kind, run_id, pipeline_name } = submission.report;
    const pipeline = pipelines.get(pipeline_name)!;
    if (kind === "run" && run_id !== null && !pipeline.has_named_runs) named.add(pipeline);
  }
  const loosened: PipelineRow[] = [];
  for (const pipeline of named) {
    pipeline.has_named_runs = true;
    if (pipeline.open_run_key === null) continue;
    const loose = await tx.loosenRun(pipeline.pipeline_id, pipeline.open_run_key);
    if (loose === null) continue;
    pipeline.open_run_key = null;
    pipeline.last_loose_at = later(pipeline.last_loose_at, loose.last_at);
    loosened.push(pipeline);
  }
  return { named: [...named], loosened };
}

/** Tells the book what nameRuns found. */
export function nameInBook(book: RunBook, pipelines: ReadonlyMap<string, PipelineRow>): void {
  for (const { pipeline_name, has_named_runs } of pipelines.values()) {
    if (has_named_runs) book.setNamed(pipeline_name);
  }
}

export function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
