import type { GateState, Override } from "../../../domain/gate/transition.ts";
import { boolean, jsonb, nullable, type RowOf, text, time, uuid, word } from "../statement/columns.ts";

/** What is stored of a gate's last decision, in a query where the gate is g. */
export const STATE_COLUMNS = `
         g.decision_id, g.decision, g.allowed, g.reasons, g.override, g.run_id AS state_run_id, g.evidence_at, g.decided_at,
         g.valid_until, g.policy_version`;

export const STATE = {
  decision_id: nullable(uuid),
  decision: word<GateState["decision"]>(),
  allowed: boolean,
  reasons: jsonb<GateState["reasons"]>(),
  override: nullable(jsonb<Override>()),
  state_run_id: nullable(text),
  evidence_at: nullable(time),
  decided_at: time,
  valid_until: nullable(time),
  policy_version: text,
};

export type StateRow = RowOf<typeof STATE>;

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
