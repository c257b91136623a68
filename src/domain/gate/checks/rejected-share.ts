import { atMost } from "../../words/tolerance.ts";
import type { Evidence, StageEvidence } from "../evidence/evidence.ts";
import type { GatePolicy, RecordsPolicy } from "../policy/policy.ts";
import type { CheckResult, Reason } from "../reason.ts";
import { countText, numberText } from "../wording.ts";
import { severityOf } from "./parts/severity.ts";
import { isOneOf } from "./parts/stage-names.ts";

/**
 * What a stage could not use (`failed`, which is beside its `count` and not in it) of all it was given. Stages that only
 * collect what failed are no stages of the data.
 */
export function checkRejectedShare({ stages }: Evidence, { records }: GatePolicy): CheckResult {
  const { rejected, all_rejected, may_be_zero } = records;
  if (rejected === "off" && all_rejected === "off") return { reasons: [], valid_until: null, judged: false };
  const said = stages.filter(({ stage, failed }) => failed !== null && !isOneOf(may_be_zero, stage));
  const reasons = said.map((stage) => judge(stage, stage.failed!, records)).filter((reason) => reason !== null);
  return { reasons, valid_until: null, judged: said.length > 0 };
}

function judge({ stage, count }: StageEvidence, failed: number, records: RecordsPolicy): Reason | null {
  const { rejected, rejected_share: limit, all_rejected } = records;
  if (failed === 0) return null;
  const share = failed / (count + failed);
  const found = { code: "records_rejected_share", subject: stage, observed: share, threshold: limit } as const;
  if (count === 0 && all_rejected !== "off") {
    const detail = `${stage} rejected all of its ${countText(failed)} records`;
    return { ...found, severity: severityOf(all_rejected), detail };
  }
  if (limit === null || rejected === "off" || atMost(share, limit)) return null;
  const detail =
    `${stage} rejected ${countText(failed)} of ${countText(count + failed)} records (${percentText(share, limit)}), ` +
    `at most ${percentText(limit, limit)} is allowed`;
  return { ...found, severity: severityOf(rejected), detail };
}

/** `12.04 %`: on the same side of the limit as the share itself. */
function percentText(share: number, limit: number): string {
  const percent = (part: number) => Number((part * 100).toPrecision(12));
  return `${numberText(percent(share), percent(limit))} %`;
}
