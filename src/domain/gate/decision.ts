import type { GatePolicy } from "./policy/policy.ts";
import { REASON_CODES, type Reason, SEVERITIES } from "./reason.ts";

export const DECISIONS = ["pass", "warn", "block", "pending", "unknown"] as const;

export type Decision = (typeof DECISIONS)[number];

/** The gravest reason decides; none is a pass. */
export function decisionOf(reasons: readonly Reason[]): Decision {
  return SEVERITIES.find((severity) => reasons.some((reason) => reason.severity === severity)) ?? "pass";
}

const GRAVEST_FIRST: readonly Decision[] = [...SEVERITIES, "pass"];

export function graver(a: Decision, b: Decision): Decision {
  return GRAVEST_FIRST.indexOf(a) < GRAVEST_FIRST.indexOf(b) ? a : b;
}

/** Whether the caller may go on. Only `unknown` is a matter of policy. */
export function allows(decision: Decision, { on_unknown }: Pick<GatePolicy, "on_unknown">): boolean {
  if (decision === "unknown") return on_unknown === "allow";
  return decision === "pass" || decision === "warn";
}

/** The gravest first, then by code, subject and sentence: the same reasons in any order give the same list. */
export function sortedReasons(reasons: readonly Reason[]): Reason[] {
  return [...reasons].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      REASON_CODES.indexOf(a.code) - REASON_CODES.indexOf(b.code) ||
      compare(a.subject ?? "", b.subject ?? "") ||
      compare(a.detail, b.detail),
  );
}

/** Compares code units, not by language: the order is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
