import type { Evidence, RejectedEvidence } from "../evidence.ts";
import type { CheckResult, Finding } from "../finding.ts";
import type { GatePolicy } from "../policy.ts";
import { UNREADABLE } from "../rejection.ts";
import { NOTHING } from "./check.ts";
import { unknownSeverityOf } from "./severity.ts";
import { timeText } from "./wording.ts";

/** Evidence of the run that came and could not be used, or that its client could not deliver. It might have said anything. */
export function checkRejected({ rejected = [] }: Evidence, { rejected: effect }: GatePolicy): CheckResult {
  const severity = unknownSeverityOf(effect);
  if (severity === null) return NOTHING;
  const findings = rejected.map(
    (one): Finding => ({
      code: "report_rejected",
      severity,
      subject: one.item,
      observed: null,
      threshold: null,
      detail: sentence(one),
    }),
  );
  return { ...NOTHING, findings };
}

function sentence({ kind, item, code, why, at }: RejectedEvidence): string {
  const report = kind === UNREADABLE ? "A report" : `The ${kind} report`;
  const what = item === UNREADABLE ? report : `${report} of ${item}`;
  return code === "lost"
    ? `${what} could not be delivered by its client: ${why}`
    : `${what} of ${timeText(at)} was refused (${code}): ${why}`;
}
