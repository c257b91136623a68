import type { GateState } from "./transition.ts";

/** What an agent says that shares its database and cannot hear the others: one of them may have closed the gate. */
export const CUT_OFF: Pick<GateState, "decision" | "allowed" | "reasons"> = {
  decision: "unknown",
  allowed: false,
  reasons: [
    {
      code: "agent_stale",
      severity: "unknown",
      subject: null,
      observed: null,
      threshold: null,
      detail:
        "This agent cannot hear what the other agents on its database decide, and what it knows may be old: ask again, or another agent",
    },
  ],
};
