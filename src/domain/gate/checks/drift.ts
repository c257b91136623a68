import { type Evidence, type FeatureEvidence, USUAL_RUNS } from "../evidence/evidence.ts";
import { ruleFor } from "../names.ts";
import type { DriftPolicy, GatePolicy } from "../policy/policy.ts";
import type { DriftEffects } from "../policy/rules.ts";
import type { CheckResult, Reason, ReasonCode } from "../reason.ts";
import { countText, numberText, pText } from "../wording.ts";
import { severityOf, unknownSeverityOf } from "./parts/severity.ts";

/** The verdicts on the run's features, and features with a reference that it left out. */
export function checkDrift(evidence: Evidence, policy: GatePolicy): CheckResult {
  const { features } = evidence;
  const { drift } = policy;
  const reasons: Reason[] = [];
  let judged = false;
  for (const feature of features) {
    if (feature.verdict === "errored") {
      const found = errored(feature, policy);
      if (found !== null) reasons.push(found);
      judged ||= found?.code === "schema_changed";
      continue;
    }
    const effects = effectsOn(feature.feature_name, drift);
    const effect = effects[RULES[feature.verdict].rule];
    if (effect === "off") continue;
    if (feature.verdict !== "no_reference") judged = true;
    const { code } = RULES[feature.verdict];
    if (code !== null) reasons.push(reason(code, severityOf(effect), feature));
  }
  return { reasons: [...reasons, ...missing(evidence, policy)], valid_until: null, judged };
}

/** The feature does not fit its reference. A change of kind is `schema_changed`; any other misfit counts as refused evidence. */
function errored(feature: FeatureEvidence, { drift, rejected }: GatePolicy): Reason | null {
  const { feature_name: subject, mismatch } = feature;
  const why = mismatch?.detail ?? "it does not fit its reference";
  const rest = { subject, observed: null, threshold: null };
  if (mismatch?.retyped === true) {
    const effect = effectsOn(subject, drift).retyped;
    const detail = `${subject} is of another kind than its reference: ${why}`;
    return effect === "off" ? null : { code: "schema_changed", severity: severityOf(effect), ...rest, detail };
  }
  const severity = unknownSeverityOf(rejected);
  const detail = `${subject} could not be judged (reference_mismatch): ${why}`;
  return severity === null ? null : { code: "report_rejected", severity, ...rest, detail };
}

/** The policy key of each verdict, and the code of the reason that it gives. */
const RULES = {
  stable: { rule: "drifted", code: null },
  drifted: { rule: "drifted", code: "feature_drifted" },
  no_data: { rule: "no_data", code: "feature_no_data" },
  inconclusive: { rule: "inconclusive", code: "feature_inconclusive" },
  no_reference: { rule: "missing", code: "feature_missing" },
} as const satisfies Record<
  Exclude<FeatureEvidence["verdict"], "errored">,
  { rule: keyof DriftEffects; code: ReasonCode | null }
>;

function effectsOn(feature_name: string, { features, ...effects }: DriftPolicy): DriftEffects {
  return { ...effects, ...ruleFor(features, (one) => one.feature_name, feature_name) };
}

function reason(code: ReasonCode, severity: Reason["severity"], feature: FeatureEvidence): Reason {
  const { feature_name, psi, threshold } = feature;
  return { code, severity, subject: feature_name, observed: psi, threshold, detail: sentence(feature) };
}

function sentence({ feature_name, verdict, psi, p_value, threshold, n_current, why }: FeatureEvidence): string {
  const rows = `${countText(n_current)} rows`;
  switch (verdict) {
    case "no_reference":
      return `${feature_name} has no reference to compare it with: set one with PUT /v1/references/{pipeline_name}/${encodeURIComponent(feature_name)}`;
    case "no_data":
      return n_current === 0
        ? `${feature_name} was reported with 0 rows, so there is nothing to compare`
        : `${feature_name} was reported with ${rows}, but there is nothing to compare them with: its reference has 0`;
    case "inconclusive":
      return (
        `${feature_name} cannot be judged on ${rows}: with so few, here or in its reference, chance alone can bring ` +
        `the PSI above ${threshold}${psi === null ? "" : ` (it is ${numberText(psi, threshold)})`}`
      );
    default: {
      if (why != null) return `${feature_name} drifted on ${rows}, and that is not chance: ${why}`;
      const value = psi === null ? "PSI" : `PSI of ${numberText(psi, threshold)}`;
      const chance = p_value === null ? "" : ` (${pText(p_value)})`;
      return `${feature_name} drifted: its ${value} on ${rows} is above ${threshold}, and that is not chance${chance}`;
    }
  }
}

/**
 * A run that has not ended may still report its features, so a feature is missing only where others were reported. Features
 * that `requires` names are left to that check.
 */
function missing(evidence: Evidence, { drift, requires }: GatePolicy): Reason[] {
  const { features, referenced_features, usual_features = [], loose, run } = evidence;
  const ended = run?.status === "success";
  if (features.length === 0 && !ended) return [];
  const reported = new Set(features.map(({ feature_name }) => feature_name));
  const loosely = new Set(loose?.features.map(({ feature_name }) => feature_name));
  const usual = new Set(ended ? usual_features : []);
  return referenced_features.flatMap((subject) => {
    const effect = effectsOn(subject, drift).missing;
    if (reported.has(subject) || effect === "off" || requires.features?.includes(subject)) return [];
    const others = features.length === 0 ? "reported no feature" : "did not report it with its other features";
    const before = usual.has(subject) ? `; each of the ${USUAL_RUNS} runs before that went well had it` : "";
    const detail = `${subject} has a reference, but the run ${others}${before}`;
    const severity = usual.has(subject) ? "block" : severityOf(effect);
    // Where drift is reported without a run_id no run reports features, so a warning would come at each run. A reason that
    // blocks stays.
    if (severity === "warn" && loosely.has(subject)) return [];
    return [{ code: "feature_missing", severity, subject, observed: null, threshold: null, detail }];
  });
}
