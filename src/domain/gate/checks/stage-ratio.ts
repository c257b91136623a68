import { atLeast, atMost } from "../../words/tolerance.ts";
import type { Evidence, StageEvidence } from "../evidence/evidence.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { StageRatio } from "../policy/rules.ts";
import type { CheckResult, Reason } from "../reason.ts";
import { countText, numberText } from "../wording.ts";
import { NOTHING } from "./check.ts";
import { severityOf } from "./parts/severity.ts";

/** How much of one stage arrived in another, looked at where both were reported. */
export function checkStageRatio({ stages }: Evidence, { records }: GatePolicy): CheckResult {
  const { ratio: effect } = records;
  if (effect === "off") return NOTHING;
  const counts = new Map(stages.map((stage: StageEvidence) => [stage.stage, stage.count]));
  const reasons: Reason[] = [];
  let judged = false;
  for (const ratio of records.ratios) {
    const [count, of] = [counts.get(ratio.stage), counts.get(ratio.of)];
    if (count === undefined || of === undefined) continue;
    judged = true;
    const wrong = outOfRange(ratio, count, of);
    if (wrong === null) continue;
    const subject = `${ratio.stage}/${ratio.of}`;
    reasons.push({ code: "stage_ratio_out_of_range", severity: severityOf(effect), subject, ...wrong });
  }
  return { reasons, valid_until: null, judged };
}

function outOfRange(
  { stage, of: from, minimum, maximum }: StageRatio,
  count: number,
  of: number,
): Pick<Reason, "observed" | "threshold" | "detail"> | null {
  const ratio = of === 0 ? null : count / of;
  if (ratio !== null && atLeast(ratio, minimum) && atMost(ratio, maximum)) return null;
  const threshold = ratio !== null && ratio > maximum ? maximum : minimum;
  const counted = `${stage} counted ${countText(count)} records of the ${countText(of)} of ${from}`;
  const found = ratio === null ? ": there is no ratio to 0 records" : `, a ratio of ${numberText(ratio, threshold)}`;
  return { observed: ratio, threshold, detail: `${counted}${found}, ${minimum} to ${maximum} is allowed` };
}
