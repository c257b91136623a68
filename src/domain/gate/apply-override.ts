import { type Assessment, sooner } from "./assess.ts";
import type { Reason } from "./reason.ts";
import type { Override } from "./transition.ts";
import { timeText } from "./wording.ts";

/**
 * Lays an override over an assessment. A pass keeps the reasons, so that everyone sees what was overridden; a block becomes the
 * first reason. Applying it twice changes nothing; an override of another run changes nothing either.
 */
export function applyOverride<A extends Omit<Assessment, "evidence_at">>(assessment: A, override: Override | null): A {
  if (override === null || (override.run_id !== null && override.run_id !== assessment.run_id)) return assessment;
  const valid_until = sooner(assessment.valid_until, override.expires_at);
  if (override.decision === "pass") return { ...assessment, decision: "pass", allowed: true, valid_until };
  const blocked = manualBlock(override);
  const others = assessment.reasons.filter(({ code, detail }) => code !== blocked.code || detail !== blocked.detail);
  return { ...assessment, decision: "block", allowed: false, reasons: [blocked, ...others], valid_until };
}

function manualBlock({ actor, expires_at, reason, run_id }: Override): Reason {
  return {
    code: "manual_block",
    severity: "block",
    subject: run_id,
    observed: null,
    threshold: null,
    detail: `Blocked by ${actor} until ${timeText(expires_at)}: ${reason}`,
  };
}
