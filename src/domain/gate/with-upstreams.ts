import { applyOverride } from "./apply-override.ts";
import type { Assessment } from "./assess.ts";
import { type Upstream, upstreamFindings } from "./checks/upstream.ts";
import { allows, decisionOf, graver, sortedReasons } from "./decision.ts";
import type { GatePolicy } from "./policy/policy.ts";
import type { Reason } from "./reason.ts";
import type { Override } from "./transition.ts";

/**
 * A pipeline's own decision with its upstreams taken in, which can only make it graver. Its override is laid over the result, so
 * that a person who lets it pass lets it pass.
 */
export function withUpstreams<S extends Omit<Assessment, "evidence_at"> & { override: Override | null }>(
  own: S,
  upstreams: readonly Upstream[],
  policy: Pick<GatePolicy, "upstream" | "on_unknown">,
): S {
  return applyOverride(withReasons(own, upstreamFindings(policy, upstreams), policy), own.override);
}

/** Adds reasons to an assessment, which can only make it graver. */
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
