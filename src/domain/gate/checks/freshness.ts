import type { Evidence } from "../evidence/evidence.ts";
import { anyNames, unmatched } from "../names.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { CheckResult, Reason } from "../reason.ts";
import { spanBeyond, spanText, timeText } from "../wording.ts";
import { type Asking, NOTHING } from "./check.ts";
import { severityOf } from "./parts/severity.ts";

/** Holds how far each dataset reaches against `max_lag`. A dataset without a report is unknown. */
export function checkFreshness(evidence: Evidence, { freshness }: GatePolicy, { now }: Asking): CheckResult {
  const { max_lag, datasets, stale: effect } = freshness;
  if (max_lag === null || effect === "off") return NOTHING;
  const looked = evidence.freshness.filter(({ dataset }) => datasets.length === 0 || anyNames(datasets, dataset));
  const reported = looked.map(({ dataset }) => dataset);
  const unknown: (string | null)[] = datasets.length > 0 ? unmatched(datasets, reported) : [];
  if (datasets.length === 0 && looked.length === 0) unknown.push(null);
  const reasons = unknown.map((dataset) => notKnown(dataset, max_lag, severityOf(effect, "unknown")));
  let valid_until: number | null = null;
  for (const { dataset, data_through } of looked) {
    const lag = now - data_through;
    if (lag > max_lag) reasons.push(tooOld(dataset, data_through, lag, max_lag, severityOf(effect)));
    else valid_until = Math.min(valid_until ?? Number.POSITIVE_INFINITY, data_through + max_lag + 1);
  }
  return { reasons, valid_until, judged: looked.length > 0 };
}

function tooOld(
  dataset: string,
  data_through: number,
  lag: number,
  max_lag: number,
  severity: Reason["severity"],
): Reason {
  return {
    code: "data_stale",
    severity,
    subject: dataset,
    observed: lag / 1000,
    threshold: max_lag / 1000,
    detail:
      `The data of ${dataset} ends at ${timeText(data_through)}, ${spanBeyond(lag, max_lag)} ago, ` +
      `at most ${spanText(max_lag)} is allowed`,
  };
}

function notKnown(dataset: string | null, max_lag: number, severity: Reason["severity"]): Reason {
  return {
    code: "data_stale",
    severity,
    subject: dataset,
    observed: null,
    threshold: max_lag / 1000,
    detail:
      `It is not known how far the data${dataset === null ? "" : ` of ${dataset}`} reaches, ` +
      `it may lie at most ${spanText(max_lag)} back: send POST /v1/freshness`,
  };
}
