import Type from "typebox";
import { Name } from "../../../contract/fields.ts";
import { consumerOverlayKeys, policyOverlayKeys, type WrittenOverlay } from "../../../contract/gate-policy.ts";
import type { PolicyEntry } from "../../../domain/gate/policy/policy.ts";
import { readPolicy, writePolicy } from "../../../domain/gate/policy/written-policy.ts";
import type { Section } from "../../format/section.ts";
import { Glob, MOST_ENTRIES } from "../glob-schema.ts";
import { overlayProblems } from "./overlay-problems.ts";

/** A key that is refused, with the reason in place of what is allowed. */
const leftOut = (why: string) => Type.Optional(Type.Unsafe<never>({ not: {}, description: `left out: ${why}` }));

const Consumer = Type.Object(
  {
    ...consumerOverlayKeys,
    depends_on: leftOut(
      "a pipeline has the same upstreams, whoever asks (see upstream for what they mean to this consumer)",
    ),
    consumers: leftOut("a consumer has no consumers of its own"),
    pipeline_name: leftOut("the entry around it says which pipelines it is about"),
  },
  { additionalProperties: false, description: "keys and values of a policy, as this consumer sees it" },
);

const Entry = Type.Object(
  {
    pipeline_name: Glob,
    ...policyOverlayKeys,
    consumers: Type.Optional(
      Type.Unsafe<Record<string, WrittenOverlay | null> | null>({
        type: ["object", "null"],
        propertyNames: Name,
        additionalProperties: { ...Consumer, type: ["object", "null"] },
        title: "What holds otherwise for a consumer, asked for with ?consumer=",
        description: "names of consumers, each with keys and values of a policy",
      }),
    ),
  },
  {
    additionalProperties: false,
    description: "a pipeline_name (or glob), keys and values of a policy, and perhaps consumers",
  },
);

type Item = WrittenOverlay & { pipeline_name: string; consumers?: Record<string, WrittenOverlay | null> | null };

/** Two entries for the same pattern are refused: which of them holds would be chance. */
export const gatePolicies: Section<PolicyEntry[]> = {
  schema: {
    ...Type.Array(Entry, { maxItems: MOST_ENTRIES }),
    type: ["array", "null"],
    title: "What holds for single pipelines",
    description: `a list of at most ${MOST_ENTRIES} policies`,
    default: [],
  },
  variables: [],
  read(sources, path) {
    const { file, problems } = sources;
    const places = new Map<string, string>();
    return (file?.items<Item>(path) ?? []).map(({ item, path: at }) => {
      const { pipeline_name, consumers, ...written } = item;
      const where = file!.where(at);
      const other = places.get(pipeline_name);
      if (other !== undefined) problems.add(where, `a second policy for ${pipeline_name}; the first is at ${other}`);
      else places.set(pipeline_name, where);
      overlayProblems(sources, at);
      for (const consumer of Object.keys(consumers ?? {})) overlayProblems(sources, [...at, "consumers", consumer]);
      const overlays = Object.entries(consumers ?? {}).map(
        ([name, overlay]) => [name, readPolicy(overlay ?? {})] as const,
      );
      return { pipeline_name, policy: readPolicy(written), consumers: Object.fromEntries(overlays) };
    });
  },
  write: (entries) =>
    entries.map(({ pipeline_name, policy, consumers }) => {
      const overlays = Object.entries(consumers).map(([name, overlay]) => [name, writePolicy(overlay)] as const);
      const written = { pipeline_name, ...writePolicy(policy) };
      return overlays.length === 0 ? written : { ...written, consumers: Object.fromEntries(overlays) };
    }),
};
