import type { GateShown } from "../../../domain/commit/committed.ts";
import { limitsDuration } from "../../../domain/gate/policy/policy.ts";
import { type GateState, sameDecision } from "../../../domain/gate/transition.ts";
import { type Clock, type GateReader, type GateRow, type LatestAsk, StoreError } from "../../../ports.ts";
import { decideRow } from "../decide/decide-row.ts";
import type { GateViews } from "../gate-views.ts";
import type { Policies } from "../policies.ts";
import { idOf } from "./id-of-content.ts";

/**
 * Evidence of a run that goes on decides nothing (decide/touched-gates.ts): the gate is pending until the run ends. Who asks is
 * answered from all the evidence that came, which is read then and stored nowhere.
 */
export interface ReadBehindDeps {
  gateViews: GateViews;
  policies: Policies;
  reader: Pick<GateReader, "latestEvidence">;
  clock: Clock;
}

/**
 * What a pending gate says now; while the store is away, what it said when it was decided: pending too, by older evidence.
 * `behind`: the number of its latest evidence.
 */
export async function readBehind(deps: ReadBehindDeps, shown: GateShown, behind: number): Promise<GateShown> {
  const [row] = await latestEvidence(deps, [shown]);
  return row === undefined ? shown : keep(deps, row, shown, behind);
}

/** Without those that were archived meanwhile; none while the store is away. */
async function latestEvidence(deps: ReadBehindDeps, gates: readonly GateShown[]): Promise<GateRow[]> {
  const asks = gates.map((shown) => askFor(deps, shown));
  try {
    return await deps.reader.latestEvidence(asks, deps.clock.now());
  } catch (error) {
    if (error instanceof StoreError && error.reason === "unavailable") return [];
    throw error;
  }
}

/** The same for many at once, so that who asks for them one after the other finds them read. */
export async function readAllBehind(deps: ReadBehindDeps, pipeline_names: readonly string[]): Promise<void> {
  const { gateViews } = deps;
  const asked = pipeline_names.flatMap((name) => {
    const shown = gateViews.get(name);
    const behind = gateViews.behind(name);
    return shown === undefined || behind === null || gateViews.reading(name) !== undefined ? [] : [{ shown, behind }];
  });
  if (asked.length === 0) return;
  const found = await latestEvidence(
    deps,
    asked.map(({ shown }) => shown),
  );
  const rows = new Map(found.map((row) => [row.pipeline_name, row]));
  for (const { shown, behind } of asked) {
    const row = rows.get(shown.pipeline_name);
    if (row !== undefined) keep(deps, row, shown, behind);
  }
}

/** It has the name of the decision that is stored for as long as it is the same. */
function keep(
  { gateViews, policies, clock }: ReadBehindDeps,
  row: GateRow,
  shown: GateShown,
  behind: number,
): GateShown {
  const { pipeline_name, revision, state: stored } = shown;
  const { policy, policy_version } = policies.of(pipeline_name);
  const now = clock.now();
  const decided = { ...decideRow(row, policy, { now, while_running: false }), policy_version };
  const name = sameDecision(stored, decided)
    ? stored
    : { decision_id: idOf([pipeline_name, ...wordsOf(decided)]), decided_at: now };
  const state = { ...decided, decision_id: name.decision_id, decided_at: name.decided_at };
  const data_interval_end = row.subject?.data_interval_end ?? null;
  const read: GateShown = { pipeline_name, revision, state, data_interval_end, cause: null };
  gateViews.keepReading(read, behind);
  return read;
}

/** What makes it another decision, as sameDecision says: no number that moves on. */
function wordsOf({
  decision,
  run_id,
  policy_version,
  override,
  reasons,
}: Omit<GateState, "decision_id" | "decided_at">) {
  const why = reasons.map(({ code, severity, subject }) => [code, severity, subject]);
  return [decision, run_id, policy_version, override?.override_id ?? null, why];
}

function askFor({ policies }: ReadBehindDeps, { pipeline_name }: GateShown): LatestAsk {
  const { policy } = policies.of(pipeline_name);
  return { pipeline_name, any_run: policy.run === "off", going_on: limitsDuration(policy), attach: policy };
}
