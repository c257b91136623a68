import { type Committed, nothingCommitted } from "../../domain/commit/committed.ts";
import { shownFeatures } from "../../domain/commit/kinds/drift.ts";
import { type RunSummary, summarize } from "../../domain/runs/run.ts";
import type { RunEntry, RunsOfCommit } from "../../domain/runs/runs-of-commit.ts";
import { eager } from "../../ports/eager.ts";
import { together } from "../../ports/together.ts";
import type { Answer, NewRun, PipelineRow, StoreTx } from "../../ports.ts";
import { type AddedToWindows, addToWindows } from "../drift/add-to-windows.ts";
import type { DriftJudgement } from "../drift/judge-drift.ts";
import { featuresAnswer, withErrored } from "../drift/verdict-answer.ts";
import { type DecidedGates, decideGates, type GateDeps } from "../gate/decide/decide-gates.ts";
import { gatesTouchedBy } from "../gate/decide/touched-gates.ts";
import { looseTimes, type MovedEvidence, moveEvidence, pipelinesWithTries } from "../runs/move-evidence.ts";
import { tellAmbiguous } from "../runs/tell-ambiguous.ts";
import { updateRunStates } from "../runs/update-run-state.ts";
import type { Accepted } from "./admit-reports.ts";
import type { Applying } from "./applying.ts";
import type { Outcome } from "./submission.ts";

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
    const judged = featuresAnswer(names, verdicts.get(report)!, inWindows.get(report) ?? []);
    const features = withErrored(judged, report.rejected ?? []);
    outcomes[index] = { accepted: true, duplicate: false, answer: { features } };
  }
}

export interface Effects extends Applying {
  accepted: readonly Accepted[];
  outcomes: Outcome[];
  pipelines: ReadonlyMap<string, PipelineRow>;
  /** Those whose run-less runs turned out to be loose evidence. */
  loosened: readonly PipelineRow[];
  now: number;
}

/** Writes everything and commits, on one way to the store and back where nothing has to be read in between. */
export async function saveEffects(tx: StoreTx, deps: GateDeps, effects: Effects): Promise<Committed> {
  const { accepted, outcomes, book, tally, drift, additions, pipelines, rejections, now } = effects;
  const dirty = book.dirty();
  const fresh = await giveKeys(tx, dirty);
  const runsSaved = eager(tx.saveRuns(dirty));
  const moved = await moveEvidence(tx, book, pipelines, dirty);
  const inWindows = await addToWindows(tx, tally, additions, pipelines, now);
  answerDrift(accepted, outcomes, drift, inWindows.verdicts);
  await tellAmbiguous(tx, deps.policies, { accepted, outcomes, tally, pipelines });
  const saving = eager(
    together({
      tallied: tx.saveTally(tally, now),
      runsSaved,
      answers: tx.saveAnswers(answersToKeep(accepted, outcomes)),
    }),
  );
  const placed = rejections.placed();
  const awaited = awaitedByRejections(fresh, pipelines);
  const rejected =
    placed.length + awaited.length === 0 ? NOTHING_REJECTED : await tx.saveRejected(placed, awaited, now);
  const { rows, reordered, committed } = await changedPipelines(tx, effects, dirty, moved);
  const carried = inWindows.unjudged.length === 0 ? [] : await tx.carryVerdicts(inWindows.unjudged);
  const pipelinesSaved = eager(tx.savePipelines(rows));
  const { to_decide, still_pending } = gatesTouchedBy(effects, { dirty, rejected }, deps.policies);
  const gates = await decideTouched(tx, deps, effects, {
    to_decide,
    written: () => Promise.all([saving, pipelinesSaved]),
  });
  const undecided = still_pending.map(({ pipeline_name }) => pipeline_name);
  const run_changes = runChanges(accepted, book);
  const touched = [...touchedBy(effects, rejected)];
  const verdicts = shownFeatures(tally).concat(carried);
  const {
    saved: { tallied },
    rechecked,
    gate_decisions,
  } = await together({
    saved: saving,
    rechecked: reordered.length === 0 ? [] : tx.gauges(reordered),
    gate_decisions: gates.saved,
    pipelinesSaved,
    commit: tx.commit({ touched, undecided, archived: [], runs: run_changes, verdicts }),
  });
  return {
    ...tallied,
    ...committed,
    features: verdicts,
    rechecked,
    gates: gates.shown,
    undecided,
    gate_decisions,
    run_changes,
    touched,
  };
}

const NOTHING_REJECTED: ReadonlySet<number> = new Set();

/** Pipelines of which something was reported, or could not be. */
function touchedBy({ accepted, pipelines }: Effects, rejected: ReadonlySet<number>): Set<string> {
  const touched = new Set(accepted.map(({ submission }) => submission.report.pipeline_name));
  for (const { pipeline_id, pipeline_name } of rejected.size === 0 ? [] : pipelines.values()) {
    if (rejected.has(pipeline_id)) touched.add(pipeline_name);
  }
  return touched;
}

interface Deciding {
  to_decide: readonly PipelineRow[];
  /** Resolves when everything so far is written: a decision is made from that. Asked only where one is made. */
  written: () => Promise<unknown>;
}

async function decideTouched(
  tx: StoreTx,
  deps: GateDeps,
  effects: Effects,
  { to_decide, written }: Deciding,
): Promise<DecidedGates> {
  if (to_decide.length === 0) return { shown: [], transitions: [], saved: Promise.resolve([]) };
  await written();
  return decideGates(tx, deps, to_decide, effects.now, "evidence");
}

/** Runs that a report was about, as they stand now. */
function runChanges(accepted: readonly Accepted[], book: RunsOfCommit): RunSummary[] {
  if (!accepted.some(({ submission }) => submission.report.kind === "run")) return [];
  return book
    .dirty()
    .filter(({ run }) => run.marks.length > 0)
    .map(({ run }) => summarize(run));
}

/** Answers the new runs. */
async function giveKeys(tx: StoreTx, entries: readonly RunEntry[]): Promise<RunEntry[]> {
  const fresh = entries.filter(({ key }) => key === null);
  if (fresh.length === 0) return fresh;
  const keys = await tx.reserveRunKeys(fresh.length);
  fresh.forEach((entry, i) => {
    entry.key = keys[i]!;
  });
  return fresh;
}

/** New runs of which a report may have been refused before they came. */
function awaitedByRejections(fresh: readonly RunEntry[], pipelines: ReadonlyMap<string, PipelineRow>): NewRun[] {
  return fresh.flatMap(({ run: { pipeline_name, run_id }, key }) => {
    const { pipeline_id, has_early_rejections } = pipelines.get(pipeline_name)!;
    return has_early_rejections ? [{ pipeline_id, run_id, run_key: key! }] : [];
  });
}

/** Another agent may have taken its first report, and this one not have heard of it: what shows it must know how old it is. */
const BIRTH_TOLD_AGAIN_FOR_MS = 600_000;

interface PipelineChanges {
  rows: PipelineRow[];
  /** Their gauges are to be read again. */
  reordered: PipelineRow[];
  committed: Pick<Committed, "births" | "headlines" | "revived">;
}

/** Births, what is known of run-less reports, and headlines. Reads only where a run state cannot be told by going on from the last one. */
async function changedPipelines(
  tx: StoreTx,
  { accepted, book, tally, pipelines, loosened, now }: Effects,
  dirty: readonly RunEntry[],
  movedEvidence: MovedEvidence,
): Promise<PipelineChanges> {
  const changed = new Set<PipelineRow>();
  const { births, headlines, revived } = nothingCommitted();
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
  const loose = looseTimes(tally);
  for (const pipeline of pipelines.values()) {
    const { pipeline_name, born_at } = pipeline;
    if (born_at !== null && born_at !== now && now - born_at < BIRTH_TOLD_AGAIN_FOR_MS)
      births.push({ pipeline_name, born_at });
    const has_named_runs = pipeline.has_named_runs || book.hasNamedRuns(pipeline_name);
    const last_loose_at = latest([pipeline.last_loose_at, movedEvidence.get(pipeline_name), loose.get(pipeline_name)]);
    if (pipeline.has_named_runs === has_named_runs && pipeline.last_loose_at === last_loose_at) continue;
    Object.assign(pipeline, { has_named_runs, last_loose_at });
    changed.add(pipeline);
  }
  for (const { pipeline_name, ahead } of tally.data_through.values()) {
    const pipeline = pipelines.get(pipeline_name)!;
    if (ahead === null || pipeline.had_data_ahead) continue;
    pipeline.had_data_ahead = true;
    changed.add(pipeline);
  }
  const { moved, reordered } = await updateRunStates(tx, dirty, pipelines, headlines);
  for (const pipeline of moved) changed.add(pipeline);
  const again = new Set([...reordered, ...loosened]);
  for (const name of [...movedEvidence.keys(), ...pipelinesWithTries(tally)]) again.add(pipelines.get(name)!);
  return { rows: [...changed], reordered: [...again], committed: { births, headlines, revived } };
}

function latest(times: readonly (number | null | undefined)[]): number | null {
  return times.reduce<number | null>((a, b) => (a === null ? (b ?? null) : b == null ? a : Math.max(a, b)), null);
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
