import { mean } from "simple-statistics";
import { atLeast } from "../../words/tolerance.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { CheckResult, Reason } from "../reason.ts";
import { numberText } from "../wording.ts";
import { NOTHING } from "./check.ts";
import { qualityRule } from "./parts/quality-rules.ts";
import { severityOf } from "./parts/severity.ts";

/** The mean score of the checks of severity `error`. */
export function checkOverallQuality({ checks }: Evidence, { quality }: GatePolicy): CheckResult {
  const { minimum, overall: effect } = quality;
  if (minimum === null || effect === "off") return NOTHING;
  const scores = checks
    .filter((check) => qualityRule(check, quality).overall)
    .map(({ score }) => score)
    .filter((score) => score !== null)
    .sort((a, b) => a - b);
  if (scores.length === 0) return NOTHING;
  const overall = meanOfDecimals(scores);
  if (atLeast(overall, minimum)) return { ...NOTHING, judged: true };
  const reason: Reason = {
    code: "overall_quality_below_minimum",
    severity: severityOf(effect),
    subject: null,
    observed: overall,
    threshold: minimum,
    detail:
      `The mean score of ${scores.length === 1 ? "the one check" : `the ${scores.length} checks`} is ` +
      `${numberText(overall, minimum)}, ${minimum} is required`,
  };
  return { ...NOTHING, reasons: [reason], judged: true };
}

/**
 * The mean of 0.85 and 0.95 is 0.9, but 0.8999999999999999 in binary fractions: rounding at a digit far below any score removes
 * the noise.
 */
function meanOfDecimals(scores: number[]): number {
  return Math.round(mean(scores) * 1e12) / 1e12;
}
