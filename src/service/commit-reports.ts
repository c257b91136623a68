import { nothingObserved, type Observed } from "../domain/observed.ts";
import type { Report } from "../domain/report.ts";
import { RunBook, type RunEntry, runKey } from "../domain/run-book.ts";
import {
  emptyTally,
  type Tally,
  tallyDrift,
  tallyFreshness,
  tallyLatency,
  tallyQuality,
  tallyRecords,
  tallyRun,
} from "../domain/tally.ts";
import type { Answer, PipelineRow, StoreTx } from "../ports.ts";
import { type AddedToWindows, addToWindows, type WindowAddition } from "./add-to-windows.ts";
import { type Accepted, admit } from "./admit-reports.ts";
import type { CommitDeps } from "./commit-deps.ts";
import { type DriftJudgement, judgeDrift } from "./judge-drift.ts";
import { preparationOf } from "./preparation.ts";
import { runAnswer } from "./run-answer.ts";
import type { Outcome, Submission } from "./submission.ts";
import { updateStandings } from "./update-standings.ts";
import { featuresAnswer } from "./verdict-answer.ts";

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

  const book = await openBook(tx, deps, { accepted, pipelines, loaded });
  const tally = emptyTally();
  const effects: Applying = { book, tally, drift, additions: [] };
  for (const { submission, index } of accepted) {
    outcomes[index] = { accepted: true, duplicate: false, answer: apply(effects, submission.report) };
  }
  const observed = await save(tx, { accepted, outcomes, pipelines, now, ...effects });
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

interface Applying {
  book: RunBook;
  tally: Tally;
  drift: DriftJudgement;
  /** What is left to be done when the runs have their keys. */
  additions: WindowAddition[];
}

/** The answer to a drift report is not known yet: answerDrift gives it. */
function apply({ book, tally, drift, additions }: Applying, report: Report): Answer | null {
  if (report.kind === "run") {
    const applied = book.applyRun(report);
    tallyRun(tally, applied);
    return { run: runAnswer(applied.summary) };
  }
  const entry = book.evidenceRun(report);
  if (report.kind === "records") tallyRecords(tally, report, entry!);
  else if (report.kind === "quality") tallyQuality(tally, report, entry!);
  else if (report.kind === "latency") tallyLatency(tally, report, entry);
  else if (report.kind === "freshness") tallyFreshness(tally, report, entry);
  else {
    tallyDrift(tally, report, drift.verdicts.get(report)!, entry!);
    for (const feature of drift.windowed.get(report)!) additions.push({ report, feature, entry: entry! });
  }
  return null;
}

function answerDrift(
  accepted: readonly Accepted[],
  outcomes: Outcome[],
  { verdicts }: DriftJudgement,
  inWindows: AddedToWindows["verdicts"],
): void {
  for (const { submission, index } of accepted) {
    const { report } = submission;
    if (report.kind !== "drift") continue;
    const names = report.features.map(({ feature_name }) => feature_name);
    const features = featuresAnswer(names, verdicts.get(report)!, inWindows.get(report) ?? []);
    outcomes[index] = { accepted: true, duplicate: false, answer: { features } };
  }
}

interface Effects extends Applying {
  accepted: readonly Accepted[];
  outcomes: Outcome[];
  pipelines: ReadonlyMap<string, PipelineRow>;
  now: number;
}

/** Writes everything and commits, on one way to the store and back where nothing has to be read in between. */
async function save(tx: StoreTx, effects: Effects): Promise<Observed> {
  const { accepted, outcomes, book, tally, drift, additions, pipelines, now } = effects;
  const dirty = book.dirty();
  await giveKeys(tx, dirty);
  const runsSaved = heard(tx.saveRuns(dirty));
  const inWindows = await addToWindows(tx, tally, additions, pipelines, now);
  answerDrift(accepted, outcomes, drift, inWindows.verdicts);
  const saving = heard(
    Promise.all([tx.saveTally(tally, now), runsSaved, tx.saveAnswers(answersToKeep(accepted, outcomes))]),
  );
  const { rows, reordered, observed } = await changedPipelines(tx, effects, dirty);
  const carried = inWindows.unjudged.length === 0 ? [] : await tx.carryVerdicts(inWindows.unjudged);
  const [[tallied], rechecked] = await Promise.all([
    saving,
    reordered.length === 0 ? [] : tx.gauges(reordered),
    tx.savePipelines(rows),
    tx.commit(),
  ]);
  return { ...tallied, ...observed, features: tallied.features.concat(carried), rechecked };
}

/** It is waited for later: until then its failure is not one that nobody listens to. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

async function giveKeys(tx: StoreTx, entries: readonly RunEntry[]): Promise<void> {
  const fresh = entries.filter(({ key }) => key === null);
  if (fresh.length === 0) return;
  const keys = await tx.reserveRunKeys(fresh.length);
  fresh.forEach((entry, i) => {
    entry.key = keys[i]!;
  });
}

interface PipelineChanges {
  rows: PipelineRow[];
  /** Their gauges are to be read again. */
  reordered: PipelineRow[];
  observed: Pick<Observed, "births" | "standings">;
}

/** Births, open run-less runs and standings. Reads only where a standing cannot be told by going on from the last one. */
async function changedPipelines(
  tx: StoreTx,
  { accepted, book, pipelines, now }: Effects,
  dirty: readonly RunEntry[],
): Promise<PipelineChanges> {
  const changed = new Set<PipelineRow>();
  const { births, standings } = nothingObserved();
  for (const { submission } of accepted) {
    const pipeline = pipelines.get(submission.report.pipeline_name)!;
    if (pipeline.born_at !== null) continue;
    pipeline.born_at = now;
    changed.add(pipeline);
    births.push({ pipeline_name: pipeline.pipeline_name, born_at: now });
  }
  for (const [pipeline_name, entry] of book.open()) {
    const pipeline = pipelines.get(pipeline_name)!;
    const key = entry?.key ?? null;
    if (pipeline.open_run_key === key) continue;
    pipeline.open_run_key = key;
    changed.add(pipeline);
  }
  const { moved, reordered } = await updateStandings(tx, dirty, pipelines, standings);
  for (const pipeline of moved) changed.add(pipeline);
  return { rows: [...changed], reordered, observed: { births, standings } };
}

function answersToKeep(accepted: readonly Accepted[], outcomes: readonly Outcome[]) {
  const answers: { id_hash: string; answer: Answer }[] = [];
  for (const { submission, index } of accepted) {
    const outcome = outcomes[index]!;
    if (submission.key === null || !outcome.accepted || outcome.answer === null) continue;
    answers.push({ id_hash: submission.key.id_hash, answer: outcome.answer });
  }
  return answers;
}
