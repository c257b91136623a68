import type { Decision } from "../decision.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { Reason } from "../reason.ts";
import { severityOf } from "./parts/severity.ts";

export interface Upstream {
  pipeline_name: string;
  decision: Decision;
  allowed: boolean;
  reasons: readonly Pick<Reason, "detail">[];
}

/** Upstreams that are not allowed. An upstream without a decision yet makes this gate pending. */
export function upstreamFindings(policy: Pick<GatePolicy, "upstream">, upstreams: readonly Upstream[]): Reason[] {
  const { upstream: effect } = policy;
  if (effect === "off") return [];
  return upstreams
    .filter(({ allowed }) => !allowed)
    .map(({ pipeline_name, decision, reasons }) => ({
      code: "upstream_blocked",
      severity: severityOf(effect, decision === "pending" ? "pending" : "block"),
      subject: pipeline_name,
      observed: null,
      threshold: null,
      detail: `Upstream ${pipeline_name} ${SAID[decision]}: ${reasons[0]?.detail ?? NO_REASON[decision] ?? "it gives no reason"}`,
    }));
}

const SAID: Record<Decision, string> = {
  pass: "is not allowed",
  warn: "is not allowed",
  block: "is blocked",
  pending: "is not decided yet",
  unknown: "is unknown",
};

const NO_REASON: Partial<Record<Decision, string>> = { unknown: "nothing has been reported of it" };
