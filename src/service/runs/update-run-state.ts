import type { Committed } from "../../domain/commit/committed.ts";
import { type RunSummary, summarize } from "../../domain/runs/run.ts";
import {
  advance,
  type EndedRun,
  gaugeHorizon,
  headlineOf,
  type RunState,
  runStateOf,
} from "../../domain/runs/run-state.ts";
import type { RunEntry } from "../../domain/runs/runs-of-commit.ts";
import type { PipelineRow, RunTx } from "../../ports.ts";

interface Changes {
  ended: EndedRun[];
  /** A run that had ended changed, so that the run state cannot be continued from the last one. */
  rewritten: boolean;
  reordered: boolean;
}

/**
 * Brings the run state of each pipeline up to date with the runs that changed: step by step where the runs ended in order,
 * else by reading the latest ended runs again.
 */
export async function updateRunStates(
  tx: RunTx,
  entries: readonly RunEntry[],
  pipelines: ReadonlyMap<string, PipelineRow>,
  headlines: Committed["headlines"],
): Promise<{ moved: PipelineRow[]; reordered: PipelineRow[] }> {
  const moved: PipelineRow[] = [];
  const reordered: PipelineRow[] = [];
  for (const [pipeline_name, changes] of changesByPipeline(entries)) {
    const pipeline = pipelines.get(pipeline_name)!;
    const before = gaugeHorizon(pipeline.run_state);
    if (changes.rewritten || changes.ended.length > 0) {
      const stepped = changes.rewritten ? null : advanceAll(pipeline.run_state, changes.ended);
      pipeline.run_state = stepped ?? (await readAgain(tx, pipeline));
      moved.push(pipeline);
      headlines.push(headlineOf(pipeline_name, pipeline.run_state));
    }
    const wentBack = before !== null && (gaugeHorizon(pipeline.run_state) ?? Number.NEGATIVE_INFINITY) < before;
    if (changes.reordered || wentBack) reordered.push(pipeline);
  }
  return { moved, reordered };
}

/** Most runs that are read for a run state; marks of older runs are taken from the state before. */
const RUNS_BACK = 500;

async function readAgain(tx: RunTx, pipeline: PipelineRow): Promise<RunState> {
  const runs = await tx.endedRuns(pipeline, RUNS_BACK);
  return runStateOf(runs, runs.length < RUNS_BACK ? undefined : pipeline.run_state);
}

function changesByPipeline(entries: readonly RunEntry[]): Map<string, Changes> {
  const byPipeline = new Map<string, Changes>();
  for (const entry of entries) {
    const after = summarize(entry.run);
    const { before } = entry;
    let changes = byPipeline.get(after.pipeline_name);
    if (changes === undefined) {
      changes = { ended: [], rewritten: false, reordered: false };
      byPipeline.set(after.pipeline_name, changes);
    }
    if (before !== null && before.run_order !== after.run_order) changes.reordered = true;
    if (before?.ended) changes.rewritten ||= !sameEnd(before, after);
    else if (after.ended) changes.ended.push(endedRun(after));
  }
  return byPipeline;
}

function sameEnd(a: RunSummary, b: RunSummary): boolean {
  return (
    a.ended === b.ended &&
    a.status === b.status &&
    a.run_order === b.run_order &&
    a.has_interval === b.has_interval &&
    a.finished_at === b.finished_at &&
    a.duration_seconds === b.duration_seconds
  );
}

function endedRun(summary: RunSummary): EndedRun {
  return { ...summary, finished_at: summary.finished_at! };
}

function advanceAll(run_state: RunState, ended: EndedRun[]): RunState | null {
  let current: RunState | null = run_state;
  for (const run of ended.sort((a, b) => a.run_order - b.run_order)) {
    current = current && advance(current, run);
  }
  return current;
}
