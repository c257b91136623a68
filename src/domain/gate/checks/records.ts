import type { Evidence, StageEvidence } from "../evidence/evidence.ts";
import { anyNames, ruleFor, unmatched } from "../names.ts";
import type { GatePolicy, RecordsPolicy } from "../policy/policy.ts";
import type { CheckResult, Reason } from "../reason.ts";
import { countText } from "../wording.ts";
import { severityOf } from "./parts/severity.ts";
import { isLoad, isOneOf } from "./parts/stage-names.ts";

/** Counts of stages against the least that was expected, and stages that must not be empty. */
export function checkRecords({ stages }: Evidence, { records }: GatePolicy): CheckResult {
  const reasons = stages.flatMap((stage) => [belowMinimum(stage, records), zero(stage, records)]);
  const found = reasons.filter((reason) => reason !== null);
  const isSaid = found.some(({ code }) => code === "records_zero");
  return {
    reasons: [...found, ...(isSaid ? [] : allZero(stages, records)), ...awaited(stages, records)],
    valid_until: null,
    judged: stages.length > 0 && (records.below_minimum !== "off" || records.zero !== "off"),
  };
}

function belowMinimum({ stage, count, expected_min }: StageEvidence, records: RecordsPolicy): Reason | null {
  const rule = ruleFor(records.minimum, (one) => one.stage, stage);
  const minimum = Math.max(expected_min ?? 0, rule?.count ?? 0);
  if (count >= minimum || records.below_minimum === "off") return null;
  return {
    code: "records_below_minimum",
    severity: severityOf(records.below_minimum),
    subject: stage,
    observed: count,
    threshold: minimum,
    detail: `${stage} counted ${countText(count)} records, at least ${countText(minimum)} are expected`,
  };
}

function zero({ stage, count, held_rows }: StageEvidence, records: RecordsPolicy): Reason | null {
  const { nonzero, may_be_zero, zero: effect } = records;
  if (count > 0 || effect === "off") return null;
  if (nonzero !== null) {
    return anyNames(nonzero, stage) ? empty(stage, records, "") : null;
  }
  if (isOneOf(may_be_zero, stage)) return null;
  if (isLoad(stage)) return empty(stage, records, "");
  // A stage that never held a record is allowed to be 0.
  return held_rows ? empty(stage, records, " and held some in an earlier run") : null;
}

/** All stages at 0 mean that nothing was done, whatever the stages are called. */
function allZero(stages: readonly StageEvidence[], records: RecordsPolicy): Reason[] {
  if (records.zero === "off" || records.nonzero !== null) return [];
  const counted = stages.filter(({ stage }) => !isOneOf(records.may_be_zero, stage));
  if (counted.length === 0 || counted.some(({ count }) => count > 0)) return [];
  const [first] = counted;
  if (counted.length === 1) return [empty(first!.stage, records, ", and no other stage held any")];
  const all = counted.map(({ stage }) => stage).join(", ");
  return [{ ...empty(null, records, ""), detail: `All stages (${all}) counted 0 records, at least 1 is required` }];
}

function empty(stage: string | null, { zero: effect }: RecordsPolicy, more: string): Reason {
  return {
    code: "records_zero",
    severity: severityOf(effect as "block" | "warn"),
    subject: stage,
    observed: 0,
    threshold: 1,
    detail: `${stage} counted 0 records${more}, at least 1 is required`,
  };
}

/** Pending even where the run has ended: no data is never a pass. */
function awaited(stages: readonly StageEvidence[], { minimum, below_minimum: effect }: RecordsPolicy): Reason[] {
  if (effect === "off") return [];
  const wanted = minimum.map(({ stage }) => stage);
  const reported = stages.map(({ stage }) => stage);
  return unmatched(wanted, reported).map((stage) => {
    const threshold = minimum.find((rule) => rule.stage === stage)!.count;
    const detail =
      `The count of stage ${stage} has not arrived, at least ${countText(threshold)} records are expected: ` +
      "waiting for POST /v1/records";
    const severity = severityOf(effect, "pending");
    return { code: "records_missing", severity, subject: stage, observed: null, threshold, detail };
  });
}
