import type { Decision } from "../../../domain/gate/assess.ts";
import type { GateAnswer } from "../gate-views.ts";
import { readAllBehind } from "./read-behind.ts";
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

/** Bounds the statement that reads what is behind. */
const READ_AT_ONCE = 200;

/** The gates of the latest runs, by name. */
export async function readListed(
  deps: ListGatesDeps,
  { after, limit, decision, maySee }: GateList,
): Promise<GateAnswer[]> {
  const found: GateAnswer[] = [];
  const names = deps.gateViews.names().filter((name) => (after === null || name > after) && maySee(name));
  for (const [place, pipeline_name] of names.entries()) {
    if (place % READ_AT_ONCE === 0)
      await readAllBehind(deps, names.slice(place, place + Math.min(READ_AT_ONCE, limit)));
    const answer = await readGate(deps, { pipeline_name, run_id: null, consumer: null, while_running: false });
    if (decision !== null && answer.decision !== decision) continue;
    if (found.push(answer) === limit) break;
  }
  return found;
}
