import type { Evidence, FreshnessEvidence } from "../evidence/evidence.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { CheckResult, Reason } from "../reason.ts";
import { spanText, timeText } from "../wording.ts";
import type { Asking } from "./check.ts";
import { NOTHING } from "./check.ts";

/** Data may reach past its report by this much, milliseconds: clocks differ. */
export const DATA_AHEAD = 5 * 60_000;

/** Datasets reported to reach into the future: a clock or a time zone is wrong, so their freshness is uncertain. */
export function checkDataAhead({ freshness }: Evidence, _policy: GatePolicy, { now }: Asking): CheckResult {
  const reasons: Reason[] = [];
  let valid_until: number | null = null;
  for (const { dataset, data_through, ahead } of freshness) {
    if (ahead !== undefined) reasons.push(saidAhead(dataset, ahead));
    else if (data_through > now + DATA_AHEAD) {
      reasons.push(liesAhead(dataset, data_through, now));
      valid_until = Math.min(valid_until ?? Number.POSITIVE_INFINITY, data_through - DATA_AHEAD);
    }
  }
  return { ...NOTHING, reasons, valid_until };
}

function saidAhead(dataset: string, { data_through, at }: NonNullable<FreshnessEvidence["ahead"]>): Reason {
  const detail =
    `The data of ${dataset} was said at ${timeText(at)} to reach ${timeText(data_through)}, ${spanText(data_through - at)} later: ` +
    "it counts up to the time of that report";
  return reason(dataset, data_through - at, detail);
}

/** An earlier version of the agent stored it, or the clock of the agent was set back since. */
function liesAhead(dataset: string, data_through: number, now: number): Reason {
  const ahead = data_through - now;
  return reason(
    dataset,
    ahead,
    `The data of ${dataset} reaches ${timeText(data_through)}, ${spanText(ahead)} from now`,
  );
}

function reason(subject: string, ahead: number, detail: string): Reason {
  const numbers = { observed: ahead / 1000, threshold: DATA_AHEAD / 1000 };
  return { code: "data_ahead", severity: "warn", subject, ...numbers, detail };
}
