import type { GatePolicies } from "../../../domain/gate/policy/policy.ts";
import { entryFor } from "../../../domain/gate/policy/resolve-policy.ts";
import type { Aliases } from "../types.ts";

/** Names of pipelines of which each depends on the next, and the last on the first. */
export type Cycle = readonly string[];

/**
 * Ways on which a pipeline waits for itself, each once, beginning with its smallest name; none is found where there are none.
 * A pipeline that a glob stands for is looked at when something depends on it by name: on a cycle, each one is depended on.
 */
export function gateCycles(policies: GatePolicies, aliases: Aliases): Cycle[] {
  const upstreams = upstreamsIn(policies, aliases);
  const cycles = new Map<string, Cycle>();
  const done = new Set<string>();
  // A chain may be as long as the file, so the way is a list and not a call inside a call.
  const way: string[] = [];
  const ahead = new Map<string, Iterator<string>>();
  const enter = (name: string): void => {
    if (done.has(name)) return;
    if (ahead.has(name)) {
      const cycle = fromSmallest(way.slice(way.indexOf(name)));
      cycles.set(JSON.stringify(cycle), cycle);
    } else {
      way.push(name);
      ahead.set(name, upstreams(name).values());
    }
  };
  for (const start of dependedOn(policies, aliases)) {
    enter(start);
    for (let name = way.at(-1); name !== undefined; name = way.at(-1)) {
      const next = ahead.get(name)!.next();
      if (!next.done) enter(next.value);
      else {
        done.add(name);
        ahead.delete(name);
        way.pop();
      }
    }
  }
  return [...cycles.values()];
}

function upstreamsIn({ defaults, entries }: GatePolicies, aliases: Aliases): (name: string) => string[] {
  const byName = new Map(entries.map((entry) => [entry.pipeline_name, entry]));
  return (name) => {
    const entry = byName.get(name) ?? entryFor(entries, name);
    return (entry?.policy.depends_on ?? defaults.depends_on ?? []).map((one) => current(one, aliases));
  };
}

function dependedOn({ defaults, entries }: GatePolicies, aliases: Aliases): Set<string> {
  const policies = [defaults, ...entries.map(({ policy }) => policy)];
  return new Set(policies.flatMap(({ depends_on = [] }) => depends_on.map((name) => current(name, aliases))));
}

function current(name: string, aliases: Aliases): string {
  return Object.hasOwn(aliases, name) ? aliases[name]! : name;
}

function fromSmallest(names: readonly string[]): Cycle {
  const smallest = names.indexOf([...names].sort()[0]!);
  return [...names.slice(smallest), ...names.slice(0, smallest)];
}
