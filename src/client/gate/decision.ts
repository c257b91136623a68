/** One thing that speaks against a run, from the closed list of codes in the agent's documentation. */
export interface DecisionReason {
  code: string;
  severity: "block" | "pending" | "unknown" | "warn";
  subject: string | null;
  observed: number | null;
  threshold: number | null;
  detail: string;
}

/** The answer of GET /v1/gates/{pipeline_name}, or what stands for it where there is none. */
export interface GateDecision {
  pipeline_name: string;
  /** `unreachable`: the agent gave no answer, so `onUnreachable` decided. */
  decision: "pass" | "warn" | "block" | "pending" | "unknown" | "unreachable";
  /** What the caller acts on. */
  allowed: boolean;
  run_id: string | null;
  reasons: DecisionReason[];
  decision_id?: string;
  decided_at?: string;
  evidence_at?: string | null;
  policy_version?: string;
  override?: { decision: "pass" | "block"; reason: string; actor: string; expires_at: string } | null;
  /** Why there is no answer. */
  unreachable?: string;
}

/** Downstream work must not start. `decision` is the whole answer; the message has the reasons, one a line. */
export class GateBlocked extends Error {
  readonly decision: GateDecision;

  constructor(decision: GateDecision, message: string) {
    super(message);
    this.name = "GateBlocked";
    this.decision = decision;
  }

  get reasons(): DecisionReason[] {
    return this.decision.reasons;
  }
}

export function blockedMessage({ pipeline_name, run_id, decision, reasons }: GateDecision): string {
  const which = run_id === null || run_id === undefined ? "" : ` (run ${run_id})`;
  const lines = reasons.map(({ code, severity, detail }) => `\n  ${severity} ${code}: ${detail}`);
  return `the gate of ${pipeline_name}${which} says ${decision}${lines.join("")}`;
}

export function isDecision(body: unknown): body is GateDecision {
  if (typeof body !== "object" || body === null) return false;
  const { decision, allowed, reasons } = body as Partial<GateDecision>;
  return typeof decision === "string" && typeof allowed === "boolean" && Array.isArray(reasons);
}
