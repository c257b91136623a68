import type { GatePolicies } from "../domain/policy.ts";
import { resolvePolicy } from "../domain/resolve-policy.ts";
import type { Aliases } from "./types.ts";

/** Names of pipelines of which each depends on the next, and the last on the first. */
export type Cycle = readonly string[];

/**
 * Ways on which a pipeline waits for itself, each once, beginning with its smallest name; none is found where there are none.
 * A pipeline that a glob stands for is looked at when something depends on it by name: on a cycle, each one is depended on.
 */
export function gateCycles(policies: GatePolicies, aliases: Aliases): Cycle[] {
  const now = (name: string) => (Object.hasOwn(aliases, name) ? aliases[name]! : name);
  const known = new Map<string, string[]>();
  const upstreams = (name: string) => {
    const found = known.get(name) ?? resolvePolicy(policies, name, null).depends_on.map(now);
    known.set(name, found);
    return found;
  };
  const named = [policies.defaults, ...policies.entries.map(({ policy }) => policy)];
  const starts = new Set(named.flatMap(({ depends_on = [] }) => depends_on.map(now)));
  const cycles = new Map<string, Cycle>();
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (name: string): void => {
    const before = way.indexOf(name);
    if (before !== -1) {
      const cycle = fromSmallest(way.slice(before));
      cycles.set(JSON.stringify(cycle), cycle);
    }
    if (before !== -1 || done.has(name)) return;
    way.push(name);
    for (const upstream of upstreams(name)) visit(upstream);
    way.pop();
    done.add(name);
  };
  for (const start of starts) visit(start);
  return [...cycles.values()];
}

function fromSmallest(names: readonly string[]): Cycle {
  const smallest = names.indexOf([...names].sort()[0]!);
  return [...names.slice(smallest), ...names.slice(0, smallest)];
}
