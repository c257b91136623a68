import { mostSpecific } from "./glob.ts";

export interface Team {
  team: string;
  /** Names or globs. */
  pipelines: string[];
}

/** Whose pipeline it is: the team with the most specific pattern; null: nobody's. */
export function teamOf(teams: readonly Team[], pipeline_name: string): string | null {
  const best = mostSpecific(
    teams.flatMap(({ pipelines }) => pipelines),
    pipeline_name,
  );
  return teams.find(({ pipelines }) => best !== null && pipelines.includes(best))?.team ?? null;
}
