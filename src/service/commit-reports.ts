import { nothingObserved, type Observed } from "../domain/observed.ts";
import type { Report } from "../domain/report.ts";
import { runKey } from "../domain/run-book.ts";
import { emptyTally, tallyDrift, tallyFreshness, tallyLatency, tallyQuality } from "../domain/tally.ts";
import { tallyRecords } from "../domain/tally-records.ts";
import { tallyLastWords, tallyRun } from "../domain/tally-runs.ts";
import type { Answer, StoreTx } from "../ports.ts";
import { type Accepted, admit } from "./admit-reports.ts";
import type { Applying } from "./applying.ts";
import type { CommitDeps } from "./commit-deps.ts";
import { judgeDrift } from "./judge-drift.ts";
import { openBook, runlessTimes } from "./open-book.ts";
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
  const [pipelines, admission, named, runless] = await Promise.all([
    tx.lockPipelines([...new Set(batch.map(({ report }) => report.pipeline_name))]),
    admit(tx, batch, now),
    tx.loadRuns(namedRuns(batch), []),
    tx.loadRunless(runlessTimes(batch)),
  ]);
  const { outcomes } = admission;
  const drift = await judgeDrift(tx, deps, admission.accepted, pipelines, now);
  for (const { index, error } of drift.refused) outcomes[index] = { accepted: false, error };
  const accepted = admission.accepted.filter(({ index }) => outcomes[index] === undefined);
  if (accepted.length === 0) return { outcomes: admission.settle(), observed: nothingObserved() };

  const book = await openBook(tx, deps, { accepted, pipelines, named, runless, now });
  const tally = emptyTally();
  const effects: Applying = { book, tally, drift, additions: [] };
  for (const { submission, index } of inOrder(accepted)) {
    outcomes[index] = { accepted: true, duplicate: false, answer: apply(effects, submission.report) };
  }
  tallyLastWords(tally, book.dirty());
  const observed = await saveEffects(tx, deps, { accepted, outcomes, pipelines, now, ...effects });
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

/** Runs are cut by run reports, and counts make run-less runs: what belongs to them is known when both are applied. */
function inOrder(accepted: readonly Accepted[]): Accepted[] {
  const rank = ({ submission }: Accepted) =>
    submission.report.kind === "run" ? 0 : submission.report.kind === "records" ? 1 : 2;
  return [...accepted].sort((a, b) => rank(a) - rank(b));
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
  else if (report.kind === "quality") tallyQuality(tally, report, entry);
  else if (report.kind === "latency") tallyLatency(tally, report, entry);
  else if (report.kind === "freshness") tallyFreshness(tally, report, entry);
  else {
    tallyDrift(tally, report, drift.verdicts.get(report)!, entry);
    for (const feature of drift.windowed.get(report)!) additions.push({ report, feature, entry });
  }
  return null;
}
