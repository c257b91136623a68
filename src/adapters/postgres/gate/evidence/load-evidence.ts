import type { Evidence } from "../../../../domain/gate/evidence/evidence.ts";
import type { GateRow } from "../../../../ports.ts";
import type { Query } from "../../connection/query.ts";
import { TABLES } from "../../tables/kinds.ts";
import { stateOf } from "../gate-state.ts";
import { addAlerts } from "./alerts.ts";
import { type AskedBeside, AskedGates } from "./asked-gates.ts";
import { addEvidenceAfter } from "./checked-after.ts";
import { type ChosenRow, firstRows, runOf, subjectOf } from "./chosen-run.ts";
import { addLoose } from "./loose-evidence.ts";
import { addOverrides } from "./overrides.ts";
import { addRejected } from "./rejected-evidence.ts";

export interface EvidenceAsk {
  /** Milliseconds. */
  now: number;
  /** null: the runs are the latest. */
  asked_run_id: string | null;
  /** The runs were named, by themselves or by their data interval. */
  runs_alone: boolean;
  besideOf: (chosen: ChosenRow) => AskedBeside;
}

/**
 * The gates of chosen runs with all that decides them. Each kind of evidence has a statement of its own about all of them at
 * once, which is left out where there is nothing of it; all travel together. What is rare and asked by what was found goes one way
 * more.
 */
export async function loadEvidence(
  query: Query,
  rows: readonly ChosenRow[],
  { now, asked_run_id, runs_alone, besideOf }: EvidenceAsk,
): Promise<GateRow[]> {
  const all = firstRows(rows).map((chosen) => {
    const { going_on, attach } = besideOf(chosen);
    return { chosen, going_on, attach, evidence: nothingFound(chosen, asked_run_id), overrides: [] };
  });
  const gates = new AskedGates(query, all, runs_alone);
  await Promise.all([
    ...Object.values(TABLES).map((table) => table.addEvidence(gates)),
    addRejected(gates),
    addAlerts(gates, now),
    addOverrides(gates, now),
    addEvidenceAfter(gates),
    addLoose(gates),
  ]);
  return gates.all.map(({ chosen, evidence, overrides }): GateRow => {
    const { pipeline_id, pipeline_name, archived, revision } = chosen;
    const [subject, state] = [subjectOf(chosen), stateOf(chosen)];
    return { pipeline_id, pipeline_name, archived, subject, evidence, overrides, state, revision: revision ?? 0 };
  });
}

function nothingFound(chosen: ChosenRow, asked_run_id: string | null): Evidence {
  return {
    pipeline_name: chosen.pipeline_name,
    run: runOf(chosen),
    asked_run_id,
    checks: [],
    stages: [],
    features: [],
    referenced_features: [],
    usual_features: [],
    schemas: [],
    rejected: [],
    latencies: [],
    freshness: [],
    alerts: [],
  };
}
