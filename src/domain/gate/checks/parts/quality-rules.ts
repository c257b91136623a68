import type { CheckEvidence } from "../../evidence/evidence.ts";
import { ruleFor } from "../../names.ts";
import type { QualityPolicy } from "../../policy/policy.ts";
import type { Effect } from "../../policy/rules.ts";
import { gentler } from "./severity.ts";

/** What a policy makes of one reported check. */
export interface QualityRule {
  /** The reported threshold, or the policy's minimum where that is higher. */
  minimum: number;
  /** The effect when the check fails. */
  failed: Effect;
  /** The effect when the check could not be computed: a check that only warns when it fails only warns here too. */
  errored: Effect;
  /** The score of the check counts in the overall mean. */
  overall: boolean;
}

export function qualityRule({ check_name, threshold, severity }: CheckEvidence, quality: QualityPolicy): QualityRule {
  const rule = ruleFor(quality.checks, (one) => one.check_name, check_name);
  const minimum = Math.max(threshold, rule?.minimum ?? 0);
  const most = rule?.effect ?? (severity === "warn" ? quality.warned : "block");
  return {
    minimum,
    failed: rule?.effect ?? (severity === "warn" ? quality.warned : quality.failed),
    errored: gentler(quality.errored, most),
    overall: rule?.effect === undefined ? severity === "error" : rule.effect === "block",
  };
}
