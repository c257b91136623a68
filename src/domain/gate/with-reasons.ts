import type { Assessment } from "./assess.ts";
import { allows, decisionOf, graver, sortedReasons } from "./decision.ts";
import type { GatePolicy } from "./policy/policy.ts";
import type { Reason } from "./reason.ts";

/**
 * Adds reasons to an assessment, such as those about upstreams, which can only make it graver. An override of this gate is laid
 * over the result (applyOverride), so that a person who lets it pass lets it pass.
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
