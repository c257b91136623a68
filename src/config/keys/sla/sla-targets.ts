import Type from "typebox";
import { SLA_KINDS } from "../../../domain/sla/sla.ts";
import { Percentage } from "../../format/fields/percentage.ts";
import type { Section } from "../../format/section.ts";
import { Glob, MOST_ENTRIES } from "../glob-schema.ts";
import type { SlaTarget } from "../types.ts";

const Target = Type.Object(
  {
    pipeline_name: Glob,
    kind: Type.Optional(
      Type.Enum([...SLA_KINDS], {
        type: "string",
        description: `one of ${SLA_KINDS.join(", ")}; without it every kind`,
      }),
    ),
    target: Percentage,
  },
  { additionalProperties: false, description: "a pipeline_name (or glob), perhaps a kind, and a target" },
);

/** Targets of single pipelines and kinds. Two for the same ones are refused: which of them holds would be chance. */
export const slaTargets: Section<SlaTarget[]> = {
  schema: {
    ...Type.Array(Target, { maxItems: MOST_ENTRIES }),
    type: ["array", "null"],
    title: "Targets of single pipelines and kinds",
    description: `a list of at most ${MOST_ENTRIES} targets`,
    default: [],
  },
  variables: [],
  read({ file, problems }, path) {
    const places = new Map<string, string>();
    return (file?.items<SlaTarget>(path) ?? []).map(({ item, path: at }) => {
      const subject = `${item.kind ?? "every kind"} of ${item.pipeline_name}`;
      const where = file!.where(at);
      const other = places.get(subject);
      if (other !== undefined) problems.add(where, `a second target for ${subject}; the first is at ${other}`);
      places.set(subject, where);
      return item;
    });
  },
  write: (targets) => targets,
};
