import type { GateRow } from "../../../../ports.ts";
import type { Query } from "../../connection/query.ts";
import { TABLES } from "../../tables/kinds.ts";
import { stateOf } from "../gate-state.ts";
import { alertEvidence } from "./alerts.ts";
import { evidenceAfter } from "./checked-after.ts";
import { type AskedBeside, type AskedGate, type ChosenRow, firstRows, runOf, subjectOf } from "./chosen-run.ts";
import { looseEvidence } from "./loose-evidence.ts";
import { overridesInForce } from "./overrides.ts";
import { rejectedEvidence } from "./rejected-evidence.ts";

/**
 * The gates of chosen runs with all that decides them. Each kind of evidence has a statement of its own about all of them at
 * once, which is left out where there is nothing of it; all travel together. What those ask that are rare goes one way more.
 * `now`: milliseconds. `askedOf`: what is asked of each.
 */
export async function loadEvidence(
  query: Query,
  chosen: readonly ChosenRow[],
  {
    now,
    asked_run_id,
    askedOf,
  }: { now: number; asked_run_id: string | null; askedOf: (row: ChosenRow) => AskedBeside },
): Promise<GateRow[]> {
  const gates: AskedGate[] = firstRows(chosen).map((row) => Object.assign(row, askedOf(row)));
  if (gates.length === 0) return [];
  const { records, quality, drift, latency, freshness, run } = TABLES;
  const [stages, checks, features, latencies, fresh, going_on, rejected, alerts, overridesOf, after, loose] =
    await Promise.all([
      records.evidence(query, gates),
      quality.evidence(query, gates),
      drift.evidence(query, gates),
      latency.evidence(query, gates),
      freshness.evidence(query, gates),
      run.evidence(query, gates),
      rejectedEvidence(query, gates),
      alertEvidence(query, gates, now),
      overridesInForce(query, gates, now),
      evidenceAfter(query, gates),
      looseEvidence(query, gates),
    ]);
  return gates.map((gate, i): GateRow => {
    const { pipeline_id, pipeline_name, archived } = gate;
    const beside = loose[i] ?? after[i];
    return {
      pipeline_id,
      pipeline_name,
      archived,
      subject: subjectOf(gate),
      evidence: {
        pipeline_name,
        run: runOf(gate),
        asked_run_id,
        ...stages[i]!,
        ...checks[i]!,
        ...features[i]!,
        ...latencies[i]!,
        ...fresh[i]!,
        ...going_on[i]!,
        ...rejected[i]!,
        ...alerts[i]!,
        ...(beside != null && { loose: beside }),
      },
      overrides: overridesOf(pipeline_id),
      state: stateOf(gate),
      revision: gate.revision ?? 0,
    };
  });
}
