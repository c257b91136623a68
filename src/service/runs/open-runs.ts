import { KINDS } from "../../domain/commit/kinds.ts";
import type { Report } from "../../domain/reports/report.ts";
import { markOf } from "../../domain/runs/attempts/run-mark.ts";
import type { Around } from "../../domain/runs/runless/runless-runs.ts";
import { type KnownPipeline, type RunEntry, RunsOfCommit } from "../../domain/runs/runs-of-commit.ts";
import type { AskedAround, PipelineRow, RunTx } from "../../ports.ts";
import type { Accepted } from "../commit/admit-reports.ts";
import type { CommitDeps } from "../commit/commit-deps.ts";
import type { Submission } from "../commit/submission.ts";

interface Moment {
  pipeline_name: string;
  at: number;
}

/**
 * The distinct times of reports without a run_id. Latencies and freshness may come by the thousand and belong to the pipeline:
 * their first and last time are enough to find the run they came in.
 */
export function runlessTimes(batch: readonly Submission[]): Moment[] {
  const times = new Map<string, Moment>();
  const spans = new Map<string, { from: number; to: number }>();
  for (const { report } of batch) {
    if (report.run_id !== null) continue;
    const { pipeline_name, kind } = report;
    const at = report.kind === "run" ? markOf(report).own_at : report.at;
    if (KINDS[kind].of_run) times.set(`${at} ${pipeline_name}`, { pipeline_name, at });
    else {
      const { from, to } = spans.get(pipeline_name) ?? { from: at, to: at };
      spans.set(pipeline_name, { from: Math.min(from, at), to: Math.max(to, at) });
    }
  }
  for (const [pipeline_name, { from, to }] of spans) {
    for (const at of [from, to]) times.set(`${at} ${pipeline_name}`, { pipeline_name, at });
  }
  return [...times.values()];
}

interface Loaded {
  accepted: readonly Accepted[];
  pipelines: ReadonlyMap<string, PipelineRow>;
  /** The runs that the reports name. */
  named: readonly RunEntry[];
  /** The run-less runs around the reports that name none. */
  runless: readonly RunEntry[];
  now: number;
}

export async function openRuns(tx: RunTx, { newRunId }: CommitDeps, loaded: Loaded): Promise<RunsOfCommit> {
  const known = knownPipelines(loaded);
  const asked = divided(loaded, known);
  const found = await tx.evidenceAround(asked);
  const answers = new Map(asked.map(({ run_key, time }, i) => [aroundKey(run_key, time), found[i]!]));
  const around = (run_key: number, time: number): Around => answers.get(aroundKey(run_key, time))!;
  return new RunsOfCommit(loaded.named, known.values(), { newRunId, around, now: loaded.now });
}

function aroundKey(run_key: number, time: number): string {
  return `${run_key} ${time}`;
}

function knownPipelines({ accepted, pipelines, runless }: Loaded): Map<string, KnownPipeline> {
  const known = new Map<string, KnownPipeline & { runless: RunEntry[] }>();
  for (const { submission } of accepted) {
    const { pipeline_name } = submission.report;
    if (known.has(pipeline_name)) continue;
    const { has_named_runs, last_loose_at } = pipelines.get(pipeline_name)!;
    known.set(pipeline_name, { pipeline_name, has_named_runs, last_loose_at, runless: [] });
  }
  for (const entry of runless) known.get(entry.run.pipeline_name)?.runless.push(entry);
  return known;
}

/** The stored run-less runs that a report may split. Mostly there are none. */
function divided({ accepted, pipelines }: Loaded, known: ReadonlyMap<string, KnownPipeline>): AskedAround[] {
  const asked = new Map<string, AskedAround>();
  for (const { submission } of accepted) {
    const { report } = submission;
    const time = report.run_id === null && report.kind === "run" ? lastBefore(report) : null;
    if (time === null) continue;
    const { pipeline_id } = pipelines.get(report.pipeline_name)!;
    const named = known.get(report.pipeline_name)!.has_named_runs || accepted.some((one) => names(one, report));
    for (const { key, run } of known.get(report.pipeline_name)!.runless) {
      if (run.first_at > time || run.last_at === null || run.last_at <= time) continue;
      asked.set(aroundKey(key!, time), { run_key: key!, pipeline_id, named, time });
    }
  }
  return [...asked.values()];
}

/** The last moment of the part before it: a start begins the next, an end closes its own. Times are whole milliseconds. */
function lastBefore(report: Report & { kind: "run" }): number | null {
  const { status, own_at } = markOf(report);
  return status === "started" ? own_at - 1 : status === "retrying" ? null : own_at;
}

function names({ submission: { report } }: Accepted, { pipeline_name }: Report): boolean {
  return report.kind === "run" && report.run_id !== null && report.pipeline_name === pipeline_name;
}
