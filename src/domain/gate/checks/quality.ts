import { atLeast } from "../../words/tolerance.ts";
import type { CheckEvidence, Evidence } from "../evidence/evidence.ts";
import { isGlob, unmatched } from "../names.ts";
import type { GatePolicy, QualityPolicy } from "../policy/policy.ts";
import type { CheckResult, Reason } from "../reason.ts";
import { numberText } from "../wording.ts";
import { type QualityRule, qualityRule } from "./parts/quality-rules.ts";
import { severityOf } from "./parts/severity.ts";

/** Each reported check against its threshold, and checks that the policy names but nobody reported. */
export function checkQuality({ checks }: Evidence, { quality }: GatePolicy): CheckResult {
  const reasons = awaited(checks, quality);
  let judged = false;
  for (const check of checks) {
    const rule = qualityRule(check, quality);
    if (check.score !== null && rule.failed !== "off") judged = true;
    const reason = check.score === null ? errored(check, rule) : failed(check, check.score, rule);
    if (reason !== null) reasons.push(reason);
  }
  return { reasons, valid_until: null, judged };
}

function failed({ check_name }: CheckEvidence, score: number, { minimum, failed: effect }: QualityRule) {
  if (atLeast(score, minimum) || effect === "off") return null;
  const reason: Reason = {
    code: "quality_below_threshold",
    severity: severityOf(effect),
    subject: check_name,
    observed: score,
    threshold: minimum,
    detail: `${check_name} scored ${numberText(score, minimum)}, ${minimum} is required`,
  };
  return reason;
}

function errored({ check_name, error }: CheckEvidence, { minimum, errored: effect }: QualityRule): Reason | null {
  if (effect === "off") return null;
  return {
    code: "check_errored",
    severity: severityOf(effect, "unknown"),
    subject: check_name,
    observed: null,
    threshold: minimum,
    detail: `${check_name} could not be computed${error === null || error === "" ? "" : `: ${error}`} (${minimum} is required)`,
  };
}

/** A minimum for a check by its name makes its result required. A glob requires nothing: it applies to whatever is reported. */
function awaited(checks: readonly CheckEvidence[], quality: QualityPolicy): Reason[] {
  const named = quality.checks.filter(({ check_name, minimum }) => minimum !== undefined && !isGlob(check_name));
  const reported = checks.map(({ check_name }) => check_name);
  const absent = unmatched(
    named.map(({ check_name }) => check_name),
    reported,
  );
  return absent.flatMap((check_name) => {
    const { minimum, effect = quality.failed } = named.find((rule) => rule.check_name === check_name)!;
    if (effect === "off" || minimum === undefined) return [];
    const detail =
      `The result of check ${check_name} has not arrived, the policy requires it to score ${minimum}: ` +
      "waiting for POST /v1/quality";
    const severity = severityOf(effect, "pending");
    return [{ code: "check_missing", severity, subject: check_name, observed: null, threshold: minimum, detail }];
  });
}
