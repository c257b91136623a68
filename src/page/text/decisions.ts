import type { ShownDecision, ShownGate } from "../api/types.ts";
import { apart } from "./apart.ts";

/** Worst first. */
export const DECISIONS: readonly ShownDecision[] = ["block", "unknown", "pending", "warn", "pass"];

const MEANING: Record<ShownDecision, string> = {
  pass: "may go on",
  warn: "may go on, with a warning",
  block: "must not go on",
  pending: "has to wait",
  unknown: "nobody can tell",
};

/** What the decision means for whoever wants to go on. */
export function meaningOf({ decision, allowed }: Pick<ShownGate, "decision" | "allowed">): string {
  if (decision === "unknown") return allowed ? "may go on, though nobody can tell" : "must not go on: nobody can tell";
  return MEANING[decision];
}

/** Why, in one line. */
export function mainReason({ decision, reasons, override }: ShownGate): string {
  if (override !== null) return `Overridden by ${apart(override.actor)}: ${override.reason}`;
  const [first] = reasons;
  if (first === undefined) return decision === "pass" ? "Everything that was asked for holds" : "";
  return first.detail;
}

/** Closed by nothing of its own: what has to be mended is upstream. */
export function isConsequence({ reasons }: ShownGate): boolean {
  return reasons.length > 0 && reasons.every(({ code }) => code === "upstream_blocked");
}

/** 0 is the worst. */
export function rankOf(gate: ShownGate): number {
  if (gate.decision === "block") return isConsequence(gate) ? 1 : 0;
  if (gate.decision === "unknown") return gate.allowed ? 4 : 2;
  return { pending: 3, warn: 5, pass: 6 }[gate.decision];
}

export function worstFirst(a: ShownGate, b: ShownGate): number {
  const ranked = rankOf(a) - rankOf(b);
  if (ranked !== 0) return ranked;
  const later = b.decided_at.localeCompare(a.decided_at);
  return later !== 0 ? later : a.pipeline_name.localeCompare(b.pipeline_name);
}
