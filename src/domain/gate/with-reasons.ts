import type { Assessment } from "./assess.ts";
import { allows, decisionOf, graver, sortedFindings } from "./decision.ts";
import type { GatePolicy } from "./policy/policy.ts";
import type { Finding } from "./reason.ts";

/**
 * An assessment with more findings, such as those about upstreams. It only ever gets graver; an override of this gate is laid
 * over the outcome (applyOverride), so that "go on" means go on.
 */
export function withFindings<A extends Pick<Assessment, "decision" | "allowed" | "reasons">>(
  assessment: A,
  findings: readonly Finding[],
  policy: Pick<GatePolicy, "on_unknown">,
): A {
  if (findings.length === 0) return assessment;
  const more = decisionOf(findings);
  return {
    ...assessment,
    decision: graver(assessment.decision, more),
    allowed: assessment.allowed && allows(more, policy),
    reasons: sortedFindings([...assessment.reasons, ...findings]),
  };
}
