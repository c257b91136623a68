import { ruleFor } from "../gate/names.ts";

export interface Team {
  team: string;
  /** Names or globs. */
  pipelines: string[];
}

/** The team of a pipeline: the one with the most specific pattern; null: none. */
export function teamOf(teams: readonly Team[], pipeline_name: string): string | null {
  return ruleFor(ownersIn(teams), ({ pattern }) => pattern, pipeline_name)?.team ?? null;
}

interface Owner {
  pattern: string;
  team: string;
}

const owners = new WeakMap<readonly Team[], Owner[]>();

/** Cached by the list of teams, which must not change. */
function ownersIn(teams: readonly Team[]): Owner[] {
  let known = owners.get(teams);
  if (known === undefined) {
    known = teams.flatMap(({ team, pipelines }) => pipelines.map((pattern) => ({ pattern, team })));
    owners.set(teams, known);
  }
  return known;
}
