import { type Committed, nothingCommitted } from "../../domain/commit/committed.ts";
import { tallyLastWords } from "../../domain/commit/kinds/run.ts";
import { KINDS, kindOf } from "../../domain/commit/kinds.ts";
import { emptyTally } from "../../domain/commit/tally.ts";
import type { Rejection } from "../../domain/reports/rejection.ts";
import type { Report } from "../../domain/reports/report.ts";
import { type RunEntry, runKey } from "../../domain/runs/runs-of-commit.ts";
import { together } from "../../ports/together.ts";
import type { Answer, StoreTx } from "../../ports.ts";
import { judgeDrift } from "../drift/judge-drift.ts";
import { loosenRuns } from "../runs/loosen-runs.ts";
import { openRuns, runlessTimes } from "../runs/open-runs.ts";
import { type Accepted, admit } from "./admit-reports.ts";
import type { Applying } from "./applying.ts";
import type { CommitDeps } from "./commit-deps.ts";
import { preparationOf } from "./preparation.ts";
import { conflicting, knownRefused, Rejections } from "./rejections.ts";
import { runAnswer } from "./run-answer.ts";
import { saveEffects } from "./save-effects.ts";
import { type Arrival, isSubmission, type Outcome, type Submission } from "./submission.ts";

export interface CommitResult {
  /** In the order of the submissions. */
  outcomes: Outcome[];
  committed: Committed;
}

/** Commits a batch of reports with all their effects in one transaction, and says what became of each. */
export async function commitReports(
  deps: CommitDeps,
  arrivals: readonly Arrival[],
  now: number,
): Promise<CommitResult> {
  const batch = arrivals.filter(isSubmission);
  await deps.store.prepare(preparationOf(deps, batch, now));
  const refused = await knownRefused(deps.store, arrivals);
  const { outcomes, committed } = await deps.store.transaction((tx) => commitIn(tx, deps, { batch, refused }, now));
  if (batch.length === arrivals.length) return { outcomes, committed };
  let next = 0;
  const all = arrivals.map(
    (one): Outcome => (isSubmission(one) ? outcomes[next++]! : { accepted: false, error: one.error }),
  );
  return { outcomes: all, committed };
}

interface Batch {
  batch: readonly Submission[];
  refused: readonly Rejection[];
}

async function commitIn(tx: StoreTx, deps: CommitDeps, { batch, refused }: Batch, now: number): Promise<CommitResult> {
  const pipeline_names = new Set(batch.map(({ report }) => report.pipeline_name));
  for (const { pipeline_name } of refused) pipeline_names.add(pipeline_name);
  const { pipelines, admission, named, around } = await together({
    pipelines: tx.lockPipelines([...pipeline_names]),
    admission: admit(tx, batch, now),
    named: tx.loadRuns(namedRuns(batch), []),
    around: tx.loadRunless(runlessTimes(batch)),
  });
  const { accepted, outcomes } = admission;
  const drift = await judgeDrift(tx, deps, accepted, pipelines, now);
  const waiting = [...refused, ...conflicting(batch, outcomes)];
  if (accepted.length === 0 && waiting.length === 0) {
    return { outcomes: admission.settle(), committed: nothingCommitted() };
  }
  const { runless, loosened } = await loosenRuns(tx, accepted, pipelines, { loaded: named, runless: around });
  const book = await openRuns(tx, deps, { accepted, pipelines, named, runless, now });
  const tally = emptyTally(pipelines);
  const effects: Applying = { book, tally, drift, additions: [], rejections: new Rejections(pipelines, waiting) };
  for (const { submission, index } of inOrder(accepted)) {
    const { answer, entry } = apply(effects, submission.report);
    effects.rejections.ofReport(submission, entry);
    outcomes[index] = { accepted: true, duplicate: false, answer };
  }
  tallyLastWords(tally, book.dirty());
  const committed = await saveEffects(tx, deps, { accepted, outcomes, pipelines, loosened, now, ...effects });
  return { outcomes: admission.settle(), committed };
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
  const rank = ({ submission }: Accepted) => KINDS[submission.report.kind].rank;
  return [...accepted].sort((a, b) => rank(a) - rank(b));
}

interface Applied {
  /** The answer to a drift report is not known yet: answerDrift gives it. */
  answer: Answer | null;
  /** The run that it belongs to. */
  entry: RunEntry | null;
}

function apply({ book, tally, drift, additions }: Applying, report: Report): Applied {
  if (report.kind === "run") {
    const applied = book.applyRun(report);
    KINDS.run.tally(tally, applied);
    return { answer: { run: runAnswer(applied.summary) }, entry: applied.entry };
  }
  const kind = kindOf(report);
  const entry = book.evidenceRun(report, kind.takes_run);
  kind.tally(tally, report, entry, drift);
  if (report.kind === "drift") {
    for (const feature of drift.windowed.get(report)!) additions.push({ report, feature, entry });
  }
  return { answer: null, entry };
}
