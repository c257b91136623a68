import type { Assessment } from "./assess.ts";
import { allows, decisionOf, graver, sortedReasons } from "./decision.ts";
import type { GatePolicy } from "./policy/policy.ts";
import type { Reason } from "./reason.ts";

/**
 * An assessment with more reasons, such as those about upstreams. It only ever gets graver; an override of this gate is laid
 * over the outcome (applyOverride), so that "go on" means go on.
 */
export function withReasons<A extends Pick<Assessment, "decision" | "allowed" | "reasons">>(
  assessment: A,
  reasons: readonly Reason[],
  policy: Pick<GatePolicy, "on_unknown">,
): A {
  if (reasons.length === 0) return assessment;
  const more = decisionOf(reasons);
  return {
    ...assessment,
    decision: graver(assessment.decision, more),
    allowed: assessment.allowed && allows(more, policy),
    reasons: sortedReasons([...assessment.reasons, ...reasons]),
  };
}
