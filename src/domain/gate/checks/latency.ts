import { atMost } from "../../words/tolerance.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { LatencyPolicy } from "../policy/rules.ts";
import type { CheckResult, Reason } from "../reason.ts";
import { countText, numberText } from "../wording.ts";
import { histogramQuantile } from "./parts/histogram-quantile.ts";
import { severityOf } from "./parts/severity.ts";

/** Holds quantiles of the latencies that the policy names against their maximum. An operation without a measurement is unknown. */
export function checkLatency({ latencies }: Evidence, policy: GatePolicy): CheckResult {
  const reasons: Reason[] = [];
  let judged = false;
  for (const rule of policy.latency) {
    if (rule.effect === "off") continue;
    const measured = latencies.find(({ operation }) => operation === rule.operation);
    const found = measured && histogramQuantile(rule.quantile, measured.histogram, measured.bounds);
    if (measured === undefined || found === undefined || found === null) {
      reasons.push(notMeasured(rule, severityOf(rule.effect, "unknown")));
      continue;
    }
    judged = true;
    const reason = judge(rule, rule.effect, { ...found, count: measured.histogram.count });
    if (reason !== null) reasons.push(reason);
  }
  return { reasons, valid_until: null, judged };
}

interface Measured {
  /** Seconds. */
  value: number;
  /** The quantile lies above `value`, the highest bound; how far is not known. */
  beyond: boolean;
  count: number;
}

function judge(rule: LatencyPolicy, effect: "block" | "warn", { value, beyond, count }: Measured): Reason | null {
  const { operation, maximum_seconds: maximum } = rule;
  const what = `${quantileText(rule.quantile)} of ${operation}`;
  const measurements = `over ${countText(count)} measurements`;
  const reason = (severity: Reason["severity"], detail: string): Reason => {
    return { code: "latency_above_maximum", severity, subject: operation, observed: value, threshold: maximum, detail };
  };
  if (beyond && !atMost(maximum, value)) {
    const detail =
      `${what} is more than ${value} s ${measurements}, at most ${maximum} s is allowed: ` +
      `the buckets end at ${value} s, so it cannot be told whether it is`;
    return reason(severityOf(effect, "unknown"), detail);
  }
  if (!beyond && atMost(value, maximum)) return null;
  const seen = beyond ? `at least ${value}` : numberText(value, maximum);
  return reason(severityOf(effect), `${what} is ${seen} s ${measurements}, at most ${maximum} s is allowed`);
}

function notMeasured(rule: LatencyPolicy, severity: Reason["severity"]): Reason {
  const { operation, quantile, maximum_seconds } = rule;
  return {
    code: "no_evidence",
    severity,
    subject: operation,
    observed: null,
    threshold: maximum_seconds,
    detail:
      `No latency of ${operation} was reported, so its ${quantileText(quantile)} is not known, ` +
      `at most ${maximum_seconds} s is allowed: send POST /v1/latency`,
  };
}

/** `p99`, `p99.9` */
function quantileText(quantile: number): string {
  return `p${Number((quantile * 100).toPrecision(12))}`;
}
