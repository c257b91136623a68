import { UNREADABLE } from "../../reports/rejection.ts";
import type { Evidence, RejectedEvidence } from "../evidence/evidence.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { CheckResult, Reason } from "../reason.ts";
import { timeText } from "../wording.ts";
import { NOTHING } from "./check.ts";
import { unknownSeverityOf } from "./parts/severity.ts";

/**
 * Evidence of the run that came and could not be used, or that its client could not deliver. Its content is unknown, so it may
 * have been bad news.
 */
export function checkRejected({ rejected = [] }: Evidence, { rejected: effect }: GatePolicy): CheckResult {
  const severity = unknownSeverityOf(effect);
  if (severity === null) return NOTHING;
  const reasons = rejected.map(
    (one): Reason => ({
      code: "report_rejected",
      severity,
      subject: one.item,
      observed: null,
      threshold: null,
      detail: sentence(one),
    }),
  );
  return { ...NOTHING, reasons };
}

function sentence({ kind, item, code, why, at }: RejectedEvidence): string {
  const report = kind === UNREADABLE ? "A report" : `The ${kind} report`;
  const what = item === UNREADABLE ? report : `${report} of ${item}`;
  return code === "lost"
    ? `${what} could not be delivered by its client: ${why}`
    : `${what} of ${timeText(at)} was refused (${code}): ${why}`;
}
