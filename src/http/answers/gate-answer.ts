import type { Override } from "../../domain/gate/transition.ts";
import { ADVICE } from "../../domain/notices/words/advice.ts";
import { formatTime } from "../../domain/words/time.ts";
import type { OverrideRow, TransitionRow } from "../../ports.ts";
import type { GateAnswer } from "../../service/gate/gate-views.ts";
import { whenOrNull } from "./when-or-null.ts";

/** What an answer says of a pipeline beside its decision. */
export interface GateSurroundings {
  team: (pipeline_name: string) => string | null;
  /** What `team` answers from: another object where the answer may be another. */
  teams: () => object;
  depends_on: (pipeline_name: string) => readonly string[];
}

export function gateAnswer(answer: GateAnswer, { team, depends_on }: GateSurroundings) {
  const { pipeline_name } = answer;
  return {
    pipeline_name,
    decision: answer.decision,
    allowed: answer.allowed,
    run_id: answer.run_id,
    decision_id: answer.decision_id,
    decided_at: formatTime(answer.decided_at),
    evidence_at: whenOrNull(answer.evidence_at),
    policy_version: answer.policy_version,
    reasons: answer.reasons,
    override: answer.override && overrideAnswer(answer.override),
    team: team(pipeline_name),
    depends_on: depends_on(pipeline_name),
  };
}

export function overrideAnswer({ override_id, decision, reason, actor, run_id, created_at, expires_at }: Override) {
  const times = { created_at: formatTime(created_at), expires_at: formatTime(expires_at) };
  return { override_id, decision, reason, actor, run_id, ...times };
}

export function overrideRowAnswer(row: OverrideRow) {
  return { ...overrideAnswer(row), ended_at: whenOrNull(row.ended_at), ended_by: row.ended_by };
}

export function transitionAnswer(pipeline_name: string, row: TransitionRow) {
  const { revision: _, override, at, evidence, evidence_at, ...rest } = row;
  return {
    pipeline_name,
    ...rest,
    at: formatTime(at),
    evidence_at: whenOrNull(evidence_at),
    override: override && overrideAnswer(override),
    evidence: withTimes(evidence),
  };
}

const TIME = /^(at|\w+_at|data_through|data_interval_end)$/;

/** What is kept as JSON has its times in milliseconds. */
function withTimes(object: object): object {
  const entries = Object.entries(object).map(([key, value]) => [
    key,
    TIME.test(key) && typeof value === "number" ? formatTime(value) : withTimesInside(value),
  ]);
  return Object.fromEntries(entries);
}

function withTimesInside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTimesInside);
  return value === null || typeof value !== "object" ? value : withTimes(value);
}

/** The same for eyes on a terminal: the decision, a line a reason, and below the reasons of one code the first thing to do. */
export function reasonsText({ pipeline_name, decision, allowed, run_id, reasons, override }: GateAnswer): string {
  const about = run_id === null ? "" : ` (run ${run_id})`;
  const lines = [`${pipeline_name}${about}: ${decision}, ${allowed ? "go on" : "do not go on"}`];
  for (const [i, { severity, code, detail }] of reasons.entries()) {
    lines.push(`  ${severity}: ${detail} [${code}]`);
    if (reasons[i + 1]?.code !== code) lines.push(`    → ${ADVICE[code]}`);
  }
  if (override !== null) {
    const { decision: said, actor, reason, expires_at } = override;
    lines.push(`  override: ${said} by ${actor} until ${formatTime(expires_at)}: ${reason}`);
  }
  return `${lines.join("\n")}\n`;
}
