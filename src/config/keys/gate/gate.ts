import type { GatePolicies, GatePolicy, PolicyEntry } from "../../../domain/gate/policy/policy.ts";
import { group, type Section } from "../../format/section.ts";
import { gateDefaults } from "./gate-defaults.ts";
import { gatePolicies } from "./gate-policies.ts";
import { overlayProblems } from "./overlay-problems.ts";

const members = group<GatePolicy & { policies: PolicyEntry[] }>("What must hold before the next step may run", {
  ...gateDefaults,
  policies: gatePolicies,
});

export const gate: Section<GatePolicies> = {
  ...members,
  read(sources, path) {
    const { policies: entries, ...defaults } = members.read(sources, path);
    overlayProblems(sources, path);
    return { defaults, entries };
  },
  write: ({ defaults, entries }) => members.write({ ...(defaults as GatePolicy), policies: [...entries] }),
};
