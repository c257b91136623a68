import Type from "typebox";
import { Name } from "../../../contract/fields.ts";
import type { Section } from "../../format/section.ts";
import { Glob, MOST_GLOBS } from "../glob-schema.ts";
import type { Team } from "../types.ts";

const TeamSchema = Type.Object(
  {
    team: Name,
    pipelines: Type.Array(Glob, {
      minItems: 1,
      maxItems: MOST_GLOBS,
      uniqueItems: true,
      description: `a list of 1 to ${MOST_GLOBS} pipeline names or globs, each once`,
    }),
  },
  { additionalProperties: false, description: "a team and its pipelines" },
);

/** A team has one entry, and a pattern one team: whose pipeline it is would be chance. */
export const teams: Section<Team[]> = {
  schema: {
    ...Type.Array(TeamSchema, { maxItems: MOST_GLOBS }),
    type: ["array", "null"],
    title: "Whose pipelines are whose; the most specific pattern holds",
    description: `a list of at most ${MOST_GLOBS} teams, each with its pipelines`,
    default: [],
  },
  variables: [],
  read({ file, problems }, path) {
    const names = new Map<string, string>();
    const owners = new Map<string, string>();
    return (file?.items<Team>(path) ?? []).map(({ item, path: at }) => {
      const where = file!.where(at);
      const other = names.get(item.team);
      if (other === undefined) names.set(item.team, where);
      else problems.add(where, `a second entry for team ${item.team}; the first is at ${other}`);
      for (const [i, pattern] of item.pipelines.entries()) {
        const owner = owners.get(pattern);
        if (owner === undefined) owners.set(pattern, item.team);
        else if (owner !== item.team)
          problems.add(
            file!.where([...at, "pipelines", i]),
            `${pattern} is given to two teams, ${owner} and ${item.team}`,
          );
      }
      return item;
    });
  },
  write: (value) => value,
};
