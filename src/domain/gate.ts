import type { Asking } from "./checks/check.ts";
import { evidenceAt, noEvidence } from "./checks/evidence.ts";
import { CHECKS, MENDED_BY_THE_RUN } from "./checks/index.ts";
import { allows, type Decision, decisionOf, sortedFindings } from "./decision.ts";
import type { Evidence } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import type { GatePolicy } from "./policy.ts";

export type { Asking } from "./checks/check.ts";
export { DECISIONS, type Decision, decisionOf } from "./decision.ts";

/** What evidence and policy say at a moment, before overrides and upstreams. */
export interface Assessment {
  decision: Decision;
  /** What the caller acts on. */
  allowed: boolean;
  /** The gravest first, then by code and subject. */
  reasons: Finding[];
  /** The one it is about, or that was asked for and never heard of. */
  run_id: string | null;
  /** The latest time of what it was made from, milliseconds; null: nothing. */
  evidence_at: number | null;
  /** When the passing of time alone may change it, milliseconds; null: never. */
  valid_until: number | null;
}

/** The decision about one run's evidence. Pure: the same evidence, policy and time always give the same assessment. */
export function assess(evidence: Evidence, policy: GatePolicy, asking: Asking): Assessment {
  const results = Object.entries(CHECKS).map(([name, check]) => ({ name, ...check(evidence, policy, asking) }));
  const ofRun = results.find(({ name }) => name === "run")!.findings;
  const waits = ofRun.some(({ code }) => code === "run_in_progress" || code === "run_missing");
  const findings = results.flatMap((result) =>
    waits && MENDED_BY_THE_RUN.has(result.name) ? result.findings.map(untilItEnds) : result.findings,
  );
  const judged = results.some((result) => result.judged);
  if (!judged && ofRun.every(({ severity }) => severity === "warn")) findings.push(noEvidence(evidence));
  const decision = decisionOf(findings);
  return {
    decision,
    allowed: allows(decision, policy),
    reasons: sortedFindings(findings),
    run_id: evidence.run?.run_id ?? evidence.asked_run_id,
    evidence_at: evidenceAt(evidence),
    valid_until: results.reduce<number | null>((first, { valid_until }) => sooner(first, valid_until), null),
  };
}

function untilItEnds(finding: Finding): Finding {
  return finding.severity === "block" ? { ...finding, severity: "pending" } : finding;
}

export function sooner(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
