import { evidenceThen } from "../../../domain/gate/evidence/evidence-then.ts";
import type { GatePolicy } from "../../../domain/gate/policy/policy.ts";
import type { GateReader, GateRow } from "../../../ports.ts";
import { decideRow } from "../decide/decide-row.ts";
import type { GateAnswer } from "../gate-views.ts";
import { policyVersion } from "../policies.ts";
import { idOf } from "./id-of-content.ts";
import { emptyRow, type GateRequest } from "./read-gate.ts";

export interface ReplayGateDeps {
  reader: Pick<GateReader, "gateEvidence" | "decisionAt">;
}

/**
 * What a policy would have said at a past moment: by the evidence of the decision that stood then, its alerts and its override
 * included, judged by that moment's clock. Of a run that no decision was stored about (a backfill never is the latest) it is the
 * evidence of the run as it is now, without alerts. The pipeline's own decision, as it is in the history: upstreams are left out.
 */
export async function replayGate(
  { reader }: ReplayGateDeps,
  policy: GatePolicy,
  { pipeline_name, run_id, while_running }: GateRequest,
  at: number,
): Promise<GateAnswer> {
  const row = await rowAt(reader, policy, { pipeline_name, run_id }, at);
  const decided = decideRow(row, policy, { now: at, while_running });
  const policy_version = policyVersion(policy);
  const { valid_until: _, ...named } = decided;
  const decision_id = idOf([pipeline_name, at, while_running, policy_version, named]);
  return { pipeline_name, ...decided, decision_id, decided_at: at, policy_version };
}

async function rowAt(
  reader: ReplayGateDeps["reader"],
  policy: GatePolicy,
  { pipeline_name, run_id }: Pick<GateRequest, "pipeline_name" | "run_id">,
  at: number,
): Promise<Pick<GateRow, "evidence" | "overrides">> {
  const past = await reader.decisionAt(pipeline_name, run_id, at);
  const about = past === null ? run_id : past.run_id;
  const known =
    about === null
      ? null
      : await reader.gateEvidence({ pipeline_name, now: at, any_run: false, run_id: about, attach: policy });
  if (past === null) return known === null ? emptyRow(pipeline_name, run_id) : ofRun(known, at);
  const evidence = evidenceThen(past.evidence, known?.evidence ?? null, past.until);
  return { evidence, overrides: past.override === null ? [] : [past.override] };
}

/** Alerts are stored as they are now, and an invalidation may have come later. */
function ofRun({ evidence }: GateRow, at: number): Pick<GateRow, "evidence" | "overrides"> {
  const { run } = evidence;
  const invalidated = run?.invalidated != null && run.invalidated.at <= at ? run.invalidated : null;
  return { evidence: { ...evidence, run: run && { ...run, invalidated }, alerts: [] }, overrides: [] };
}
