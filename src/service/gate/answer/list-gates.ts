import type { Decision } from "../../../domain/gate/assess.ts";
import type { GateAnswer } from "../gate-views.ts";
import { readGate } from "./read-gate.ts";
import type { WaitDeps } from "./wait-for-gate.ts";

export type ListGatesDeps = WaitDeps;

export interface GateList {
  /** Names after this one. */
  after: string | null;
  limit: number;
  decision: Decision | null;
  maySee: (pipeline_name: string) => boolean;
}

/** The gates of the latest runs, by name. */
export async function readListed(
  deps: ListGatesDeps,
  { after, limit, decision, maySee }: GateList,
): Promise<GateAnswer[]> {
  const found: GateAnswer[] = [];
  for (const pipeline_name of deps.board.names()) {
    if ((after !== null && pipeline_name <= after) || !maySee(pipeline_name)) continue;
    const answer = await readGate(deps, { pipeline_name, run_id: null, consumer: null, while_running: false });
    if (decision !== null && answer.decision !== decision) continue;
    if (found.push(answer) === limit) break;
  }
  return found;
}
