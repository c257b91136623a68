import Type from "typebox";
import { Name } from "../../../contract/fields.ts";
import type { Section } from "../../format/section.ts";
import { dotted } from "../../format/yaml/checked-yaml.ts";
import type { Aliases } from "../types.ts";

/** Old names of renamed pipelines. A new name is the one in use: no old name of another. */
export const aliases: Section<Aliases> = {
  schema: {
    ...Type.Unsafe<Aliases | null>({ propertyNames: Name, additionalProperties: Name }),
    type: ["object", "null"],
    title: "Renamed pipelines: what comes under an old name counts for the new one",
    description: "old names of pipelines, each with the new name",
    default: {},
  },
  variables: [],
  read({ file, problems }, path) {
    const given = (file?.get(path) ?? {}) as Aliases;
    for (const [old, name] of Object.entries(given)) {
      const at = [...path, old];
      const add = (message: string) => problems.add(file!.where(at), `${dotted(at)}: ${message}`);
      if (name === old) add(`${old} is its own new name; take the line away`);
      else if (Object.hasOwn(given, name)) add(chain(given, old, name));
    }
    return given;
  },
  write: (value) => value,
};

function chain(aliases: Aliases, old: string, name: string): string {
  const way = [old, name];
  for (let next = aliases[name]; next !== undefined; next = Object.hasOwn(aliases, next) ? aliases[next] : undefined) {
    if (way.includes(next)) return `the new names go round in a circle: ${[...way, next].join(" → ")}`;
    way.push(next);
  }
  return `${name} is an old name itself (${way.join(" → ")}); write ${old}: ${way.at(-1)}`;
}
