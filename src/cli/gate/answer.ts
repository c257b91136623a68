/** What GET /v1/gates/{pipeline_name} answers, as far as it is shown. */
export interface GateReply {
  pipeline_name: string;
  /** pass, warn, block, pending or unknown. */
  decision: string;
  /** What the caller acts on. */
  allowed: boolean;
  run_id: string | null;
  reasons: GateReason[];
  override?: { decision: string; reason: string; actor: string; expires_at: string } | null;
  decided_at?: string | null;
  evidence_at?: string | null;
}

export interface GateReason {
  code: string;
  severity: string;
  subject?: string | null;
  detail: string;
}

export function isGateReply(body: unknown): body is GateReply {
  if (typeof body !== "object" || body === null) return false;
  const { decision, allowed, reasons } = body as Record<string, unknown>;
  return typeof decision === "string" && typeof allowed === "boolean" && Array.isArray(reasons);
}
