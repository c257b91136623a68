import { EVIDENCE_KINDS } from "../../domain/commit/kinds.ts";
import type { Tally } from "../../domain/commit/tally.ts";
import { standsElsewhere } from "../../domain/runs/attempts/place-of-evidence.ts";
import type { RunEntry, RunsOfCommit } from "../../domain/runs/runs-of-commit.ts";
import type { PipelineRow, StoreTx } from "../../ports.ts";

/** Pipelines whose stored evidence moved to another run or attempt, with the greatest `at` of evidence that became loose. */
export type MovedEvidence = Map<string, number | null>;

/**
 * Moves stored evidence after a late start or end has split a run or an attempt. Call it after the runs are saved and have keys,
 * and before new evidence is added. Most commits move nothing.
 */
export async function moveEvidence(
  tx: StoreTx,
  book: RunsOfCommit,
  pipelines: ReadonlyMap<string, PipelineRow>,
  dirty: readonly RunEntry[],
): Promise<MovedEvidence> {
  const moved: MovedEvidence = new Map();
  const reseated = book.reseated();
  for (const one of reseated) {
    moved.set(one.pipeline_name, await tx.reseatEvidence(pipelines.get(one.pipeline_name)!, one));
  }
  const done = new Set(reseated.flatMap(({ entries }) => entries));
  const placing = dirty.filter((entry) => entry.before !== null && !done.has(entry) && standsElsewhere(entry));
  if (placing.length > 0) await tx.placeEvidence(placing);
  for (const { run } of placing) if (!moved.has(run.pipeline_name)) moved.set(run.pipeline_name, null);
  return moved;
}

/** Pipelines with a new check or feature whose gauge depends on attempts or tries: it is read from the store. */
export function pipelinesWithTries(tally: Tally): Set<string> {
  const names = new Set<string>();
  for (const { gauged, touched_runs } of EVIDENCE_KINDS) {
    if (!gauged) continue;
    for (const { entry } of touched_runs(tally)) {
      const { attempts, tried, folded, pipeline_name } = entry.run;
      if (attempts.length > 1 || tried || folded.count > 0) names.add(pipeline_name);
    }
  }
  return names;
}

/** The greatest `at` of the loose evidence of each pipeline. */
export function looseTimes(tally: Tally): Map<string, number> {
  const times = new Map<string, number>();
  for (const kind of EVIDENCE_KINDS) {
    for (const { pipeline_name, at } of kind.loose(tally)) {
      times.set(pipeline_name, Math.max(at, times.get(pipeline_name) ?? at));
    }
  }
  return times;
}
