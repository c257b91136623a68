import { percentage } from "../../format/fields/percentage.ts";
import { group, value } from "../../format/section.ts";
import type { SlaConfig } from "../types.ts";
import { slaTargets } from "./sla-targets.ts";

export const sla = group<SlaConfig>("What share of results must pass", {
  target: value(percentage("The target where none of `targets` fits, in percent", 99)),
  targets: slaTargets,
});
