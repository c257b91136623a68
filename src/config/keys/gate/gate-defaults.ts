import type { TSchema } from "typebox";
import { POLICY_KEYS as SCHEMAS } from "../../../contract/gate-policy.ts";
import { isGroup, type PolicyGroup, type PolicyKey } from "../../../domain/gate/policy/key-kinds.ts";
import type { GatePolicy } from "../../../domain/gate/policy/policy.ts";
import { POLICY_KEYS } from "../../../domain/gate/policy/policy-keys.ts";
import { group, type Section, value } from "../../format/section.ts";
import { policyField } from "./gate-fields.ts";

type Sections<T> = { [K in keyof T]-?: Section<T[K]> };

/** The same keys in the same groups. */
type SameKeys<K> = { [N in keyof K]: K[N] extends { keys: infer G } ? SameKeys<G> : TSchema };

/** `never` for a schema of a key that the table lacks: nothing would read it. */
type NoOthers<S, K> = {
  [N in keyof S]: N extends keyof K ? (K[N] extends { keys: infer G } ? NoOthers<S[N], G> : TSchema) : never;
};

const schemas: SameKeys<typeof POLICY_KEYS> & NoOthers<typeof SCHEMAS, typeof POLICY_KEYS> = SCHEMAS;

/** The policy for every pipeline, over what holds without a file. */
export const gateDefaults = sectionsOf(POLICY_KEYS, schemas) as unknown as Sections<GatePolicy>;

function sectionsOf(
  keys: { readonly [key: string]: PolicyKey | PolicyGroup },
  schemas: object,
): { [key: string]: Section<unknown> } {
  const sections = Object.entries(keys).map(([name, key]) => {
    const schema: object = (schemas as { [key: string]: object })[name]!;
    return [name, isGroup(key) ? group(key.title, sectionsOf(key.keys, schema)) : value(policyField(key, schema))];
  });
  return Object.fromEntries(sections);
}
