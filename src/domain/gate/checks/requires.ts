import type { Evidence } from "../evidence/evidence.ts";
import { unmatched } from "../names.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { CheckResult, Reason, ReasonCode } from "../reason.ts";
import { NOTHING } from "./check.ts";

/** Whether everything has arrived that the policy waits for. A glob asks for at least one that matches. */
export function checkRequires(evidence: Evidence, { requires }: GatePolicy): CheckResult {
  const checks = evidence.checks.map(({ check_name }) => check_name);
  const stages = evidence.stages.map(({ stage }) => stage);
  const features = evidence.features.map(({ feature_name }) => feature_name);
  const reasons = [
    ...unmatched(requires.checks, checks).map((name) =>
      missing("check_missing", name, "The result of check", "quality"),
    ),
    ...unmatched(requires.stages, stages).map((name) =>
      missing("records_missing", name, "The count of stage", "records"),
    ),
    ...unmatched(requires.features ?? [], features).map((name) => {
      const found = missing("feature_missing", name, "Feature", "drift");
      return isLeftOut(evidence, name) ? leftOut(found) : found;
    }),
  ];
  return { ...NOTHING, reasons };
}

/** A run that ended well reports no more features: a required feature that has a reference was left out. */
function isLeftOut({ run, referenced_features }: Evidence, pattern: string): boolean {
  return run?.status === "success" && unmatched([pattern], referenced_features).length === 0;
}

function leftOut(reason: Reason): Reason {
  const detail = `Feature ${reason.subject} has a reference and the policy requires it, but the run ended without it`;
  return { ...reason, severity: "block", detail };
}

function missing(code: ReasonCode, name: string, what: string, route: string): Reason {
  return {
    code,
    severity: "pending",
    subject: name,
    observed: null,
    threshold: null,
    detail: `${what} ${name} has not arrived, the policy requires it: waiting for POST /v1/${route}`,
  };
}
