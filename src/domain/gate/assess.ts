import { type Assessment, sooner } from "./assessment.ts";
import type { Asking } from "./checks/check.ts";
import { evidenceAt, noEvidence } from "./checks/evidence.ts";
import { CHECKS, MENDED_BY_THE_RUN } from "./checks/index.ts";
import { allows, decisionOf, sortedReasons } from "./decision.ts";
import type { Evidence } from "./evidence/evidence.ts";
import { withLoose, worseOf } from "./evidence/with-loose.ts";
import type { GatePolicy } from "./policy/policy.ts";
import type { Reason } from "./reason.ts";

export { type Assessment, sooner } from "./assessment.ts";
export type { Asking } from "./checks/check.ts";
export { DECISIONS, type Decision, decisionOf } from "./decision.ts";

/**
 * Decides on the evidence of one run: once without and once with the loose evidence that counts for it, and returns the worse
 * of the two. Pure: the same evidence, policy and time always give the same assessment.
 */
export function assess(evidence: Evidence, policy: GatePolicy, asking: Asking): Assessment {
  const own = assessOnce(evidence, policy, asking);
  const { loose } = evidence;
  if (loose === undefined) return own;
  return worseOf(own, assessOnce(withLoose(evidence, loose), policy, asking), loose, {
    pipeline_name: evidence.pipeline_name,
    policy,
  });
}

function assessOnce(evidence: Evidence, policy: GatePolicy, asking: Asking): Assessment {
  const results = Object.entries(CHECKS).map(([name, check]) => ({ name, ...check(evidence, policy, asking) }));
  const ofRun = results.find(({ name }) => name === "run")!.reasons;
  const waits = ofRun.some(({ code }) => code === "run_in_progress" || code === "run_missing");
  const reasons = results.flatMap((result) =>
    waits && MENDED_BY_THE_RUN.has(result.name) ? result.reasons.map(untilItEnds) : result.reasons,
  );
  const judged = results.some((result) => result.judged);
  if (!judged && ofRun.every(({ severity }) => severity === "warn")) reasons.push(noEvidence(evidence));
  const decision = decisionOf(reasons);
  return {
    decision,
    allowed: allows(decision, policy),
    reasons: sortedReasons(reasons),
    run_id: evidence.run?.run_id ?? evidence.asked_run_id,
    evidence_at: evidenceAt(evidence),
    valid_until: results.reduce<number | null>((first, { valid_until }) => sooner(first, valid_until), null),
  };
}

function untilItEnds(reason: Reason): Reason {
  return reason.severity === "block" ? { ...reason, severity: "pending" } : reason;
}
