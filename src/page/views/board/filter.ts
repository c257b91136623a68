import type { ShownDecision, ShownGate } from "../../api/types.ts";
import { DECISIONS, mainReason, worstFirst } from "../../text/decisions.ts";

export interface Filter {
  /** Words, all of which must be in the name, the team or the reasons. */
  text: string;
  state: string;
  team: string;
}

export function filtered(gates: Iterable<ShownGate>, filter: Filter): ShownGate[] {
  const fits = fitting(filter);
  return [...gates]
    .filter((gate) => fits(gate) && (filter.state === "" || gate.decision === filter.state))
    .sort(worstFirst);
}

/** How many each state would show, with the filters besides the state. */
export function countStates(gates: Iterable<ShownGate>, filter: Filter): Record<ShownDecision, number> {
  const counts = Object.fromEntries(DECISIONS.map((decision) => [decision, 0])) as Record<ShownDecision, number>;
  const fits = fitting(filter);
  for (const gate of gates) if (fits(gate)) counts[gate.decision]++;
  return counts;
}

function fitting({ text, team }: Filter): (gate: ShownGate) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (gate) => {
    if (team !== "" && gate.team !== team) return false;
    if (words.length === 0) return true;
    const codes = gate.reasons.map(({ code }) => code).join(" ");
    const all = `${gate.pipeline_name} ${gate.team ?? ""} ${mainReason(gate)} ${codes}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
}

export function teamsOf(gates: Iterable<ShownGate>): string[] {
  const teams = new Set<string>();
  for (const { team } of gates) if (team) teams.add(team);
  return [...teams].sort();
}
