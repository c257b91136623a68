import { kindOf } from "../../domain/commit/kinds.ts";
import type { Preparation } from "../../ports.ts";
import { verdictTimes } from "../drift/add-to-windows.ts";
import type { CommitDeps } from "./commit-deps.ts";
import type { Submission } from "./submission.ts";

/** What the store has to have ready before the transaction: the names and the months that the reports speak of. */
export function preparationOf(deps: CommitDeps, batch: readonly Submission[], now: number): Preparation {
  const pipeline_names = new Set<string>();
  const key_names = new Map<string, string>();
  const names = new Set<string>();
  // Decisions are made now.
  const times = new Set<number>([now]);
  for (const { report, key_name } of batch) {
    pipeline_names.add(report.pipeline_name);
    key_names.set(report.pipeline_name, key_name);
    times.add(report.at);
    // The event of a run in its SLA is of its end's own time.
    if (report.kind === "run" && report.finished_at !== null) times.add(report.finished_at);
    if (report.kind === "drift") for (const time of verdictTimes(deps, report, now)) times.add(time);
    const kind = kindOf(report);
    for (const name of kind.names(report)) names.add(name);
    for (const name of kind.also_stored(report)) names.add(name);
  }
  return { pipeline_names, key_names, names, times };
}
