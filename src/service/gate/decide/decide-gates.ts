import { isDeepStrictEqual } from "node:util";
import type { Committed, GateShown } from "../../../domain/commit/committed.ts";
import { limitsDuration } from "../../../domain/gate/policy/policy.ts";
import { type Cause, type GateState, sameDecision, type Transition } from "../../../domain/gate/transition.ts";
import { eager } from "../../../ports/eager.ts";
import { together } from "../../../ports/together.ts";
import type { GateCount, GateRow, GateSave, PipelineRow, StoreTx, Subject } from "../../../ports.ts";
import type { Policies } from "../policies.ts";
import { decideRow } from "./decide-row.ts";

export interface GateDeps {
  policies: Policies;
  /** Names a new decision. */
  newDecisionId: () => string;
  /** Keeps what a new decision means for people, in the same transaction; absent: nobody is told. */
  raiseNotices?: (tx: StoreTx, transitions: readonly Transition[], now: number) => Promise<void>;
}

export interface DecidedGates {
  shown: GateShown[];
  transitions: Transition[];
  /** Resolves when everything is saved; to be waited for together with the commit. */
  saved: Promise<Committed["gate_decisions"]>;
}

/** Decides the gates of pipelines that this transaction has locked, by everything that it has written so far. */
export async function decideGates(
  tx: StoreTx,
  { policies, newDecisionId, raiseNotices }: GateDeps,
  pipelines: readonly PipelineRow[],
  now: number,
  cause: Cause,
): Promise<DecidedGates> {
  const rows = await tx.loadGates(
    pipelines.map(({ pipeline_id, pipeline_name }) => {
      const { policy } = policies.of(pipeline_name);
      return { pipeline_id, any_run: policy.run === "off", going_on: limitsDuration(policy), attach: policy };
    }),
    now,
  );
  const saves: { row: GateRow; save: GateSave }[] = [];
  const known = new Map(pipelines.map(({ pipeline_id, gate }) => [pipeline_id, gate]));
  for (const row of rows) {
    const save = row.archived
      ? null
      : decide(row, known.get(row.pipeline_id)!, policies, { now, cause, newDecisionId });
    if (save !== null) saves.push({ row, save });
  }
  const byId = new Map(saves.map(({ save }) => [save.pipeline_id, save]));
  const fresh = saves.filter(({ save }) => save.transition !== null);
  const used = new Map(fresh.map(({ row }) => policies.of(row.pipeline_name)).map((one) => [one.policy_version, one]));
  const transitions = saves.flatMap(({ row, save }) => transitionOf(row, save));
  const saving = eager(
    together({
      counts: tx.saveGates(saves.map(({ save }) => save)),
      policies: tx.savePolicies([...used.values()], now),
      notices: raiseNotices?.(tx, transitions, now),
    }),
  );
  return {
    shown: rows.flatMap((row) => shown(row, byId.get(row.pipeline_id))),
    transitions,
    saved: eager(saving.then(({ counts }) => named(counts, rows))),
  };
}

interface Making {
  now: number;
  cause: Cause;
  newDecisionId: () => string;
}

/** null: nothing about it has changed. */
function decide(
  row: GateRow,
  known: PipelineRow["gate"],
  policies: Policies,
  { now, cause, newDecisionId }: Making,
): GateSave | null {
  const { policy, policy_version } = policies.of(row.pipeline_name);
  const decided = { ...decideRow(row, policy, { now, while_running: false }), policy_version };
  const { state: before, subject, pipeline_id } = row;
  const revision = row.revision + 1;
  if (before !== null && sameDecision(before, decided)) {
    const { decision_id, decided_at } = before;
    if (sameNumbers(before, decided) && sameSubject(known, subject)) return null;
    return { pipeline_id, subject, revision, state: { ...decided, decision_id, decided_at }, transition: null };
  }
  const state: GateState = { ...decided, decision_id: newDecisionId(), decided_at: now };
  const transition = { cause, from: before?.decision ?? null, evidence: row.evidence };
  return { pipeline_id, subject, revision, state, transition };
}

function sameNumbers(a: GateState, b: Omit<GateState, "decision_id" | "decided_at">): boolean {
  return a.evidence_at === b.evidence_at && a.valid_until === b.valid_until && isDeepStrictEqual(a.reasons, b.reasons);
}

function sameSubject(known: PipelineRow["gate"], subject: Subject | null): boolean {
  return (
    (known?.run_key ?? null) === (subject?.run_key ?? null) &&
    (known?.run_order ?? null) === (subject?.run_order ?? null) &&
    (known?.ended_once ?? false) === (subject?.ended_once ?? false)
  );
}

/** What did not change is shown too: the answer to the commit that changed it may have been lost. */
function shown({ pipeline_name, subject, state, revision }: GateRow, save: GateSave | undefined): GateShown[] {
  const data_interval_end = subject?.data_interval_end ?? null;
  if (save !== undefined) {
    const cause = save.transition?.cause ?? null;
    return [{ pipeline_name, revision: save.revision, state: save.state, data_interval_end, cause }];
  }
  return state === null ? [] : [{ pipeline_name, revision, state, data_interval_end, cause: null }];
}

function transitionOf({ pipeline_id, pipeline_name }: GateRow, { state, transition }: GateSave): Transition[] {
  return transition === null
    ? []
    : [{ pipeline_id, pipeline_name, cause: transition.cause, from: transition.from, state }];
}

function named(counts: readonly GateCount[], rows: readonly GateRow[]): Committed["gate_decisions"] {
  const names = new Map(rows.map(({ pipeline_id, pipeline_name }) => [pipeline_id, pipeline_name]));
  return counts.map(({ pipeline_id, ...count }) => ({ pipeline_name: names.get(pipeline_id)!, ...count }));
}
