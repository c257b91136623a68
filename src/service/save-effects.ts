import { nothingObserved, type Observed } from "../domain/observed.ts";
import { type RunSummary, summarize } from "../domain/run.ts";
import type { RunBook, RunEntry } from "../domain/run-book.ts";
import type { Answer, PipelineRow, StoreTx } from "../ports.ts";
import { type AddedToWindows, addToWindows } from "./add-to-windows.ts";
import type { Accepted } from "./admit-reports.ts";
import type { Applying } from "./applying.ts";
import { type DecidedGates, decideGates, type GateDeps } from "./decide-gates.ts";
import type { DriftJudgement } from "./judge-drift.ts";
import type { Named } from "./name-runs.ts";
import type { Outcome } from "./submission.ts";
import { tellAmbiguous } from "./tell-ambiguous.ts";
import { gatesTouchedBy } from "./touched-gates.ts";
import { updateStandings } from "./update-standings.ts";
import { featuresAnswer } from "./verdict-answer.ts";

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

export interface Effects extends Applying {
  accepted: readonly Accepted[];
  outcomes: Outcome[];
  pipelines: ReadonlyMap<string, PipelineRow>;
  named: Named;
  now: number;
}

/** Writes everything and commits, on one way to the store and back where nothing has to be read in between. */
export async function saveEffects(tx: StoreTx, deps: GateDeps, effects: Effects): Promise<Observed> {
  const { accepted, outcomes, book, tally, drift, additions, pipelines, now } = effects;
  const dirty = book.dirty();
  await giveKeys(tx, dirty);
  const runsSaved = heard(tx.saveRuns(dirty));
  const inWindows = await addToWindows(tx, tally, additions, pipelines, now);
  answerDrift(accepted, outcomes, drift, inWindows.verdicts);
  await tellAmbiguous(tx, deps.policies, { accepted, outcomes, tally, pipelines });
  const saving = heard(
    Promise.all([tx.saveTally(tally, now), runsSaved, tx.saveAnswers(answersToKeep(accepted, outcomes))]),
  );
  const { rows, reordered, observed } = await changedPipelines(tx, effects, dirty);
  const carried = inWindows.unjudged.length === 0 ? [] : await tx.carryVerdicts(inWindows.unjudged);
  const pipelinesSaved = heard(tx.savePipelines(rows));
  const gates = await decideTouched(tx, deps, effects, { dirty, written: Promise.all([saving, pipelinesSaved]) });
  const [[tallied], rechecked, gate_decisions] = await Promise.all([
    saving,
    reordered.length === 0 ? [] : tx.gauges(reordered),
    gates.saved,
    pipelinesSaved,
    tx.commit(),
  ]);
  return {
    ...tallied,
    ...observed,
    features: tallied.features.concat(carried),
    rechecked,
    gates: gates.shown,
    gate_decisions,
    run_changes: runChanges(accepted, book),
    touched: [...new Set(accepted.map(({ submission }) => submission.report.pipeline_name))],
  };
}

interface Written {
  dirty: readonly RunEntry[];
  /** A decision is made from what the transaction has written. */
  written: Promise<unknown>;
}

async function decideTouched(
  tx: StoreTx,
  deps: GateDeps,
  effects: Effects,
  { dirty, written }: Written,
): Promise<DecidedGates> {
  const touched = gatesTouchedBy(effects, dirty, deps.policies);
  if (touched.length === 0) return { shown: [], transitions: [], saved: Promise.resolve([]) };
  await written;
  return decideGates(tx, deps, touched, effects.now, "evidence");
}

/** Runs that a report was about, as they stand now. */
function runChanges(accepted: readonly Accepted[], book: RunBook): RunSummary[] {
  if (!accepted.some(({ submission }) => submission.report.kind === "run")) return [];
  return book
    .dirty()
    .filter(({ run }) => run.outcomes.length > 0)
    .map(({ run }) => summarize(run));
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
  observed: Pick<Observed, "births" | "standings" | "revived">;
}

/** Births, open run-less runs and standings. Reads only where a standing cannot be told by going on from the last one. */
async function changedPipelines(
  tx: StoreTx,
  { accepted, book, tally, pipelines, named, now }: Effects,
  dirty: readonly RunEntry[],
): Promise<PipelineChanges> {
  const changed = new Set<PipelineRow>(named.named);
  const { births, standings, revived } = nothingObserved();
  for (const { submission } of accepted) {
    const pipeline = pipelines.get(submission.report.pipeline_name)!;
    if (pipeline.archived) {
      pipeline.archived = false;
      changed.add(pipeline);
      revived.push(pipeline.pipeline_name);
    }
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
  for (const { pipeline_name, at } of [...tally.loose_checks.values(), ...tally.loose_features.values()]) {
    const pipeline = pipelines.get(pipeline_name)!;
    if (pipeline.last_loose_at !== null && pipeline.last_loose_at >= at) continue;
    pipeline.last_loose_at = at;
    changed.add(pipeline);
  }
  for (const { pipeline_name, ahead } of tally.data_through.values()) {
    const pipeline = pipelines.get(pipeline_name)!;
    if (ahead === null || pipeline.had_data_ahead) continue;
    pipeline.had_data_ahead = true;
    changed.add(pipeline);
  }
  const { moved, reordered } = await updateStandings(tx, dirty, pipelines, standings);
  for (const pipeline of moved) changed.add(pipeline);
  const rechecked = [...new Set([...reordered, ...named.loosened])];
  return { rows: [...changed], reordered: rechecked, observed: { births, standings, revived } };
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
