import { CUT_OFF } from "../../../domain/gate/cut-off.ts";
import type { GateAnswer } from "../gate-views.ts";
import { idOf } from "./id-of-content.ts";

/** What an agent says that shares its database and cannot hear the others: it may be that one of them closed the gate. */
export function cutOffAnswer(pipeline_name: string, policy_version: string, now: number): GateAnswer {
  return {
    pipeline_name,
    ...CUT_OFF,
    run_id: null,
    evidence_at: null,
    valid_until: null,
    override: null,
    decision_id: idOf([pipeline_name, policy_version, CUT_OFF]),
    decided_at: now,
    policy_version,
  };
}

/** Whether there is no decision yet that is worth waiting for. */
export function isUndecided({ decision, reasons }: GateAnswer): boolean {
  return decision === "pending" || reasons === CUT_OFF.reasons;
}
