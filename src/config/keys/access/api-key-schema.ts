import Type from "typebox";
import { Name } from "../../../contract/fields.ts";
import { Glob, MOST_GLOBS } from "../glob-schema.ts";
import type { KeyRole } from "../types.ts";

export const ROLES = ["report", "read", "reference", "operate", "alertmanager", "admin"] as const satisfies KeyRole[];

/** An API key as it is written in sluice.yaml and in the file of SLUICE_API_KEYS_FILE. */
export const ApiKeySchema = Type.Object(
  {
    name: { ...Name, title: "What the key is called in logs" },
    hash: Type.String({
      pattern: "^[0-9a-f]{64}$",
      writeOnly: true,
      title: "Made by `sluice keys create`",
      description: "the SHA-256 of the key: 64 hexadecimal digits (0-9, a-f)",
    }),
    roles: Type.Array(Type.Enum([...ROLES], { type: "string", description: `one of ${ROLES.join(", ")}` }), {
      minItems: 1,
      uniqueItems: true,
      title: "What the key may do",
      description: `a list of one or more of ${ROLES.join(", ")}, each once`,
    }),
    pipelines: Type.Optional(
      Type.Unsafe<string[] | null>({
        type: ["array", "null"],
        items: Glob,
        minItems: 1,
        maxItems: MOST_GLOBS,
        title: "The pipelines it may touch",
        description: `a list of at most ${MOST_GLOBS} pipeline names or globs, or null (all pipelines)`,
      }),
    ),
  },
  // Whoever puts a key where its entry belongs does not see it in a message.
  { additionalProperties: false, writeOnly: true, description: "a name, a hash, roles and perhaps pipelines" },
);

export const ApiKeysSchema = {
  ...Type.Array(ApiKeySchema),
  type: ["array", "null"],
  writeOnly: true,
  title: "Who may use the agent: SHA-256 hashes of keys",
  description: "a list of keys, each with name, hash, roles and perhaps pipelines",
  default: [],
};
