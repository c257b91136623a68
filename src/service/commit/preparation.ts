import { RUN_SUBJECT } from "../../domain/commit/tally.ts";
import type { Report } from "../../domain/reports/report.ts";
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
    for (const name of namesIn(report)) names.add(name);
  }
  return { pipeline_names, key_names, names, times };
}

function namesIn(report: Report): string[] {
  switch (report.kind) {
    case "run":
      return [RUN_SUBJECT];
    case "records":
      return [report.stage, report.part];
    case "quality":
      return report.checks.map(({ check_name }) => check_name);
    case "latency":
      return [report.operation];
    case "freshness":
      return [report.dataset];
    case "drift":
      return report.features.map(({ feature_name }) => feature_name);
  }
}
