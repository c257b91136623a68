import { nothingObserved, type Observed } from "../domain/observed.ts";
import type { Report } from "../domain/report.ts";
import { RunBook, type RunEntry, runKey } from "../domain/run-book.ts";
import {
  emptyTally,
  tallyDrift,
  tallyFreshness,
  tallyLatency,
  tallyQuality,
  tallyRecords,
  tallyRun,
} from "../domain/tally.ts";
import type { Answer, PipelineRow, StoreTx } from "../ports.ts";
import { type Accepted, admit } from "./admit-reports.ts";
import type { Applying } from "./applying.ts";
import type { CommitDeps } from "./commit-deps.ts";
import { judgeDrift } from "./judge-drift.ts";
import { nameInBook, nameRuns } from "./name-runs.ts";
import { preparationOf } from "./preparation.ts";
import { runAnswer } from "./run-answer.ts";
import { saveEffects } from "./save-effects.ts";
import type { Outcome, Submission } from "./submission.ts";

export interface CommitResult {
  /** In the order of the submissions. */
  outcomes: Outcome[];
  observed: Observed;
}

/** Commits a batch of reports with all their effects in one transaction, and says what became of each. */
export async function commitReports(
  deps: CommitDeps,
  batch: readonly Submission[],
  now: number,
): Promise<CommitResult> {
  await deps.store.prepare(preparationOf(deps, batch, now));
  return deps.store.transaction((tx) => commitIn(tx, deps, batch, now));
}

async function commitIn(
  tx: StoreTx,
  deps: CommitDeps,
  batch: readonly Submission[],
  now: number,
): Promise<CommitResult> {
  // Asked for together: one way to the store and back.
  const [pipelines, admission, loaded] = await Promise.all([
    tx.lockPipelines([...new Set(batch.map(({ report }) => report.pipeline_name))]),
    admit(tx, batch, now),
    tx.loadRuns(namedRuns(batch), []),
  ]);
  const { outcomes } = admission;
  const drift = await judgeDrift(tx, deps, admission.accepted, pipelines, now);
  for (const { index, error } of drift.refused) outcomes[index] = { accepted: false, error };
  const accepted = admission.accepted.filter(({ index }) => outcomes[index] === undefined);
  if (accepted.length === 0) return { outcomes: admission.settle(), observed: nothingObserved() };

  const named = await nameRuns(tx, accepted, pipelines);
  const book = await openBook(tx, deps, { accepted, pipelines, loaded });
  nameInBook(book, pipelines);
  const tally = emptyTally();
  const effects: Applying = { book, tally, drift, additions: [] };
  for (const { submission, index } of accepted) {
    outcomes[index] = { accepted: true, duplicate: false, answer: apply(effects, submission.report) };
  }
  const observed = await saveEffects(tx, deps, { accepted, outcomes, pipelines, named, now, ...effects });
  return { outcomes: admission.settle(), observed };
}

function namedRuns(batch: readonly Submission[]): { pipeline_name: string; run_id: string }[] {
  const refs = new Map<string, { pipeline_name: string; run_id: string }>();
  for (const { report } of batch) {
    const { pipeline_name, run_id } = report;
    if (run_id !== null) refs.set(runKey(pipeline_name, run_id), { pipeline_name, run_id });
  }
  return [...refs.values()];
}

interface Opened {
  accepted: readonly Accepted[];
  pipelines: ReadonlyMap<string, PipelineRow>;
  /** The runs that the reports name. */
  loaded: readonly RunEntry[];
}

async function openBook(tx: StoreTx, deps: CommitDeps, { accepted, pipelines, loaded }: Opened): Promise<RunBook> {
  const open = new Map<number, string>();
  for (const { submission } of accepted) {
    const { pipeline_name, run_id } = submission.report;
    const { open_run_key } = pipelines.get(pipeline_name)!;
    if (run_id === null && open_run_key !== null) open.set(open_run_key, pipeline_name);
  }
  const known = new Set(loaded.map(({ key }) => key));
  const missing = [...open]
    .filter(([run_key]) => !known.has(run_key))
    .map(([run_key, pipeline_name]) => ({ run_key, pipeline_name }));
  const entries = missing.length === 0 ? loaded : [...loaded, ...(await tx.loadRuns([], missing))];
  const book = new RunBook(entries, deps.newRunId);
  for (const entry of entries) {
    const pipeline_name = open.get(entry.key!);
    if (pipeline_name !== undefined) book.setOpen(pipeline_name, entry);
  }
  return book;
}

/** The answer to a drift report is not known yet: answerDrift gives it. */
function apply({ book, tally, drift, additions }: Applying, report: Report): Answer | null {
  if (report.kind === "run") {
    const applied = book.applyRun(report);
    tallyRun(tally, applied, report.at);
    return { run: runAnswer(applied.summary) };
  }
  const entry = book.evidenceRun(report);
  if (report.kind === "records") tallyRecords(tally, report, entry!);
  else if (report.kind === "quality") tallyQuality(tally, report, entry);
  else if (report.kind === "latency") tallyLatency(tally, report, entry);
  else if (report.kind === "freshness") tallyFreshness(tally, report, entry);
  else {
    tallyDrift(tally, report, drift.verdicts.get(report)!, entry);
    for (const feature of drift.windowed.get(report)!) additions.push({ report, feature, entry });
  }
  return null;
}
