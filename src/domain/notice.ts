import type { Finding } from "./finding.ts";
import type { Decision } from "./gate.ts";
import type { Transition } from "./transition.ts";

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
  reasons: Finding[];
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
  if (decision === "pending" || (decision === "pass" && (from === "pass" || from === null) && reasons.length === 0)) {
    return null;
  }
  const grave = reasons.some(({ severity }) => severity !== "warn");
  const letThrough = override?.decision === "pass" && grave ? override : null;
  const blockedBy = override?.decision === "block" ? override : null;
  return {
    pipeline_id,
    pipeline_name,
    open: decision !== "pass" || letThrough !== null,
    trouble: {
      severity: severityOf(decision, allowed),
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

/** A gate that holds work back on bad data wakes people; one that does not know, or only warns, can wait for the morning. */
function severityOf(decision: Decision, allowed: boolean): NoticeSeverity {
  if (decision === "block") return "critical";
  if (decision === "pass" || (decision === "unknown" && allowed)) return "info";
  return "warning";
}
