import type { Decision } from "../gate/assess.ts";
import type { Reason } from "../gate/reason.ts";
import type { Transition } from "../gate/transition.ts";

/** How much it matters to a person: critical pages, warning waits for working hours, info is for who asks. */
export const NOTICE_SEVERITIES = ["critical", "warning", "info"] as const;

export type NoticeSeverity = (typeof NOTICE_SEVERITIES)[number];

/** Somebody let the gate through in spite of its evidence. */
export interface LetThrough {
  actor: string;
  reason: string;
  /** Milliseconds. */
  expires_at: number;
}

/** What is wrong with a pipeline, as its gate last said. One pipeline has one trouble at a time, however many reasons. */
export interface Trouble {
  severity: NoticeSeverity;
  decision: Decision;
  allowed: boolean;
  /** As the gate gave them, the gravest first. */
  reasons: Reason[];
  run_id: string | null;
  /** null: nobody did. */
  let_through: LetThrough | null;
  /** Who blocked it by hand; null: nobody. */
  blocked_by: { actor: string; reason: string } | null;
}

/** What a transition makes of a pipeline's trouble. */
export interface TroubleChange {
  pipeline_id: number;
  pipeline_name: string;
  open: boolean;
  trouble: Trouble;
  /** Milliseconds. */
  at: number;
}

/**
 * Which trouble a gate's transition brings, changes or ends; null: it says nothing new. A decision that is pending says
 * nothing: what was wrong before is wrong until the gate knows better.
 */
export function troubleChange({ pipeline_id, pipeline_name, from, state }: Transition): TroubleChange | null {
  const { decision, allowed, reasons, run_id, override, decided_at } = state;
  if (decision === "pending" || (decision === "pass" && from === null && override === null)) return null;
  const grave = reasons.some(({ severity }) => severity !== "warn");
  const letThrough = override?.decision === "pass" && grave ? override : null;
  const blockedBy = override?.decision === "block" ? override : null;
  return {
    pipeline_id,
    pipeline_name,
    open: decision !== "pass" || letThrough !== null,
    trouble: {
      severity: severityOf(state),
      decision,
      allowed,
      reasons,
      run_id,
      let_through: letThrough && {
        actor: letThrough.actor,
        reason: letThrough.reason,
        expires_at: letThrough.expires_at,
      },
      blocked_by: blockedBy && { actor: blockedBy.actor, reason: blockedBy.reason },
    },
    at: decided_at,
  };
}

/**
 * A gate that holds work back on bad data wakes people; one that does not know, or only warns, can wait for the morning. A
 * pipeline that never reports more than its runs is no trouble: it has not got so far yet.
 */
function severityOf({ decision, allowed, reasons }: Transition["state"]): NoticeSeverity {
  if (decision === "block") return "critical";
  if (decision === "pass" || (decision === "unknown" && allowed)) return "info";
  if (decision === "unknown" && reasons.every(({ code }) => code === "no_evidence")) return "info";
  return "warning";
}

/** What a channel was told of a pipeline last. */
export interface Told {
  open: boolean;
  severity: NoticeSeverity;
  /** See `wordsOf`: when they change there is something new to say. */
  words: string;
  let_through: boolean;
  /** It was told that the trouble comes and goes. */
  flapping: boolean;
}

/** A pipeline's trouble as it is kept. Times: milliseconds. */
export interface TroubleState {
  pipeline_id: number;
  pipeline_name: string;
  open: boolean;
  /** What is wrong, or was until it was over. */
  trouble: Trouble;
  opened_at: number;
  /** null: it is not over. */
  closed_at: number | null;
  /** When it opened or closed lately, the newest last. */
  flips: number[];
  /** The pipeline was archived: its trouble is over with it. */
  archived: boolean;
}

/** The reason that a trouble is known by. */
export function leadingCode({ reasons, blocked_by }: Trouble): string {
  if (blocked_by !== null) return "manual_block";
  return reasons[0]?.code ?? "no_evidence";
}

/**
 * What a trouble says, without its numbers: two troubles with the same words need no second message. What only warns does
 * not count where something blocks.
 */
export function wordsOf({ decision, allowed, reasons, let_through, blocked_by }: Trouble): string {
  const grave = reasons.filter(({ severity }) => severity !== "warn");
  const counted = grave.length > 0 ? grave : reasons;
  const said = counted.map(({ code, subject }) => `${code} ${subject ?? ""}`).sort();
  return JSON.stringify([decision, allowed, let_through?.actor ?? null, blocked_by?.actor ?? null, said]);
}

/** What those words say of the gate alone: its decision, and whether work goes on. */
export function decisionIn(words: string): string {
  return JSON.stringify((JSON.parse(words) as unknown[]).slice(0, 2));
}

export function isGraver(a: NoticeSeverity, b: NoticeSeverity): boolean {
  return NOTICE_SEVERITIES.indexOf(a) < NOTICE_SEVERITIES.indexOf(b);
}
