import type { GateState, Override } from "../../../domain/gate/transition.ts";

/** What is stored of a gate's last decision, in a query where the gate is g. */
export const STATE_COLUMNS = `
         g.decision_id, g.decision, g.allowed, g.reasons, g.override, g.run_id AS state_run_id, g.evidence_at, g.decided_at,
         g.valid_until, g.policy_version`;

export interface StateRow {
  decision_id: string | null;
  decision: GateState["decision"];
  allowed: boolean;
  reasons: GateState["reasons"];
  override: Override | null;
  state_run_id: string | null;
  evidence_at: number | null;
  decided_at: number;
  valid_until: number | null;
  policy_version: string;
}

/** null: nothing was decided yet. */
export function stateOf(row: StateRow): GateState | null {
  const { decision_id, decision, allowed, reasons, override, evidence_at, decided_at, valid_until, policy_version } =
    row;
  if (decision_id === null) return null;
  const run_id = row.state_run_id;
  return {
    decision_id,
    decision,
    allowed,
    reasons,
    override,
    run_id,
    evidence_at,
    decided_at,
    valid_until,
    policy_version,
  };
}
