import type { Decision } from "../gate/assess.ts";
import type { Reason } from "../gate/reason.ts";
import type { Transition } from "../gate/transition.ts";

/** How urgent a notice is: critical is sent at once, warning outside quiet hours, info only where a route asks for it. */
export const NOTICE_SEVERITIES = ["critical", "warning", "info"] as const;

export type NoticeSeverity = (typeof NOTICE_SEVERITIES)[number];

/** An override that lets the gate pass in spite of grave reasons. */
export interface LetThrough {
  actor: string;
  reason: string;
  /** Milliseconds. */
  expires_at: number;
}

/**
 * What is wrong with a pipeline by the last decision of its gate. A pipeline has one trouble at a time, with any number of
 * reasons.
 */
export interface Trouble {
  severity: NoticeSeverity;
  decision: Decision;
  allowed: boolean;
  /** As the gate gave them, the gravest first. */
  reasons: Reason[];
  run_id: string | null;
  /** null: there is no such override. */
  let_through: LetThrough | null;
  /** Who blocked it by hand; null: nobody. */
  blocked_by: { actor: string; reason: string } | null;
}

/** The trouble of a pipeline after a transition. */
export interface TroubleChange {
  pipeline_id: number;
  pipeline_name: string;
  open: boolean;
  trouble: Trouble;
  /** Milliseconds. */
  at: number;
}

/**
 * The trouble that a transition opens, changes or closes; null: none. A pending decision changes nothing: the trouble stays as it
 * was until the gate has decided.
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
 * A gate that blocks is critical: somebody is woken. A gate that does not know or only warns can wait for the morning. A
 * pipeline that reports nothing but its runs is only info: it is not set up to be judged yet.
 */
function severityOf({ decision, allowed, reasons }: Transition["state"]): NoticeSeverity {
  if (decision === "block") return "critical";
  if (decision === "pass" || (decision === "unknown" && allowed)) return "info";
  if (decision === "unknown" && reasons.every(({ code }) => code === "no_evidence")) return "info";
  return "warning";
}

/** What a channel was last notified of about a pipeline. */
export interface Told {
  open: boolean;
  severity: NoticeSeverity;
  /** From `wordsOf`: a change of them is news. */
  words: string;
  let_through: boolean;
  /** The channel knows that the trouble is flapping. */
  flapping: boolean;
}

/** The trouble of a pipeline as it is stored. Times: milliseconds. */
export interface TroubleState {
  pipeline_id: number;
  pipeline_name: string;
  open: boolean;
  /** What is wrong; of a closed trouble, what was wrong last. */
  trouble: Trouble;
  opened_at: number;
  /** null: it is not over. */
  closed_at: number | null;
  /** When it opened or closed lately, the newest last. */
  flips: number[];
  /** The pipeline was archived: its trouble is over with it. */
  archived: boolean;
}

/** The code that names a trouble: that of its first reason. */
export function leadingCode({ reasons, blocked_by }: Trouble): string {
  if (blocked_by !== null) return "manual_block";
  return reasons[0]?.code ?? "no_evidence";
}

/**
 * The content of a trouble without its numbers: an equal text needs no second message. Warnings count only where no reason is
 * graver.
 */
export function wordsOf({ decision, allowed, reasons, let_through, blocked_by }: Trouble): string {
  const grave = reasons.filter(({ severity }) => severity !== "warn");
  const counted = grave.length > 0 ? grave : reasons;
  const said = counted.map(({ code, subject }) => `${code} ${subject ?? ""}`).sort();
  return JSON.stringify([decision, allowed, let_through?.actor ?? null, blocked_by?.actor ?? null, said]);
}

/** The part of `wordsOf` about the gate alone: its decision, and whether work goes on. */
export function decisionIn(words: string): string {
  return JSON.stringify((JSON.parse(words) as unknown[]).slice(0, 2));
}

export function isGraver(a: NoticeSeverity, b: NoticeSeverity): boolean {
  return NOTICE_SEVERITIES.indexOf(a) < NOTICE_SEVERITIES.indexOf(b);
}
