import { entryFor } from "../../../domain/gate/policy/resolve-policy.ts";
import type { Sources } from "../../format/sources/sources.ts";
import { dotted } from "../../format/yaml/checked-yaml.ts";
import type { Path } from "../../format/yaml/yaml-text.ts";
import type { Config } from "../types.ts";
import { type Cycle, gateCycles } from "./gate-cycles.ts";

/** Pipelines that would wait for each other for ever. */
export function checkGateCycles({ gate, aliases }: Config, sources: Sources): void {
  for (const cycle of gateCycles(gate, aliases)) {
    const { at, pattern } = placeOf(cycle[0]!, gate.entries);
    const path = [...at, "depends_on"];
    sources.problems.add(sources.file!.where(path), `${dotted(path)}: ${sentence(cycle, pattern)}`);
  }
}

function placeOf(name: string, entries: Config["gate"]["entries"]): { at: Path; pattern: string } {
  const entry = entryFor(entries, name);
  if (entry?.policy.depends_on === undefined) return { at: ["gate"], pattern: "every pipeline" };
  return { at: ["gate", "policies", entries.indexOf(entry)], pattern: entry.pipeline_name };
}

function sentence(cycle: Cycle, pattern: string): string {
  const [first] = cycle;
  const way = [...cycle, first].join(" → ");
  const what = cycle.length === 1 ? `${first} would wait for itself` : "these pipelines would wait for each other";
  const advice =
    pattern === first ? "" : `; this holds for ${pattern}, so ${first} needs an entry of its own with depends_on: []`;
  return `${what}: ${way}${advice}`;
}

/** What is said of an old name would hold for nobody: reports under it count for the new one. */
export function checkOldNames({ gate, aliases, teams, sla, drift }: Config, sources: Sources): void {
  const refuse = (at: Path, name: string) => {
    if (!Object.hasOwn(aliases, name)) return;
    const message = `${dotted(at)}: ${name} is an old name (aliases); write ${aliases[name]}`;
    sources.problems.add(sources.file!.where(at), message);
  };
  const upstreams = (at: Path, names: readonly string[] = []) => {
    for (const [i, name] of names.entries()) refuse([...at, "depends_on", i], name);
  };
  upstreams(["gate"], gate.defaults.depends_on);
  for (const [i, { pipeline_name, policy }] of gate.entries.entries()) {
    refuse(["gate", "policies", i, "pipeline_name"], pipeline_name);
    upstreams(["gate", "policies", i], policy.depends_on);
  }
  for (const [i, { pipelines }] of teams.entries()) {
    for (const [j, name] of pipelines.entries()) refuse(["teams", i, "pipelines", j], name);
  }
  for (const [i, { pipeline_name }] of sla.targets.entries())
    refuse(["sla", "targets", i, "pipeline_name"], pipeline_name);
  for (const [i, { pipeline_name }] of drift.features.entries()) {
    refuse(["drift", "features", i, "pipeline_name"], pipeline_name);
  }
}
