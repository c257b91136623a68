import type { GateAnswer } from "../../service/gate/gate-views.ts";
import { type GateSurroundings, gateAnswer } from "./gate-answer.ts";

export const JSON_TYPE = "application/json; charset=utf-8";

/**
 * Writes answers as JSON. The board answers with the same object for as long as a decision stands, and all who waited for one
 * are given the same: each is written once.
 */
export function gateBodies(surroundings: GateSurroundings): (answer: GateAnswer) => string {
  const written = new WeakMap<GateAnswer, { depends_on: readonly string[]; teams: object; body: string }>();
  return (answer) => {
    const depends_on = surroundings.depends_on(answer.pipeline_name);
    const teams = surroundings.teams();
    const known = written.get(answer);
    // Policies and teams that were read again may name others without changing the decision.
    if (known !== undefined && known.depends_on === depends_on && known.teams === teams) return known.body;
    const body = JSON.stringify(gateAnswer(answer, surroundings));
    written.set(answer, { depends_on, teams, body });
    return body;
  };
}
