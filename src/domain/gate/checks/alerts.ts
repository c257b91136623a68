import type { AlertEvidence, Evidence } from "../evidence/evidence.ts";
import type { AlertGate } from "../gate-alert.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { CheckResult, Reason } from "../reason.ts";
import { timeText } from "../wording.ts";
import { type Asking, NOTHING } from "./check.ts";
import { gentler, severityOf } from "./parts/severity.ts";

/** Alerts that hold the gate while they fire. One that only warns never does more. */
export function checkAlerts({ alerts }: Evidence, policy: GatePolicy, { now }: Asking): CheckResult {
  if (policy.alerts === "off") return NOTHING;
  const active = alerts.filter(({ expires_at }) => expires_at > now);
  if (active.length === 0) return NOTHING;
  const reasons = active.map((alert) => firing(alert, gentler(alert.gate, policy.alerts) as AlertGate));
  const valid_until = active.map(({ expires_at }) => expires_at).reduce((a, b) => Math.min(a, b));
  return { reasons, valid_until, judged: false };
}

function firing({ alertname, starts_at, summary }: AlertEvidence, effect: AlertGate): Reason {
  return {
    code: "alert_firing",
    severity: severityOf(effect),
    subject: alertname,
    observed: null,
    threshold: null,
    detail: `Alert ${alertname} has been firing since ${timeText(starts_at)}${summary === null ? "" : `: ${summary}`}`,
  };
}
