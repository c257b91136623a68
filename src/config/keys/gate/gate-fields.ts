import type { TSchema } from "typebox";
import type { PolicyKey } from "../../../domain/gate/policy/key-kinds.ts";
import { formatDuration, parseDuration } from "../../../domain/words/duration.ts";
import type { Field, FieldSchema } from "../../format/field.ts";

/** A key of a policy as a key of the file. The schema says what is allowed. */
export function policyField(key: PolicyKey, schema: TSchema): Field<unknown> {
  const field = asWritten(schema, key.title, key.default);
  if (key.kind === "limit") return { ...field, ...limit(field, key.default) };
  if (key.kind !== "list") return field;
  // A list with nothing in it is written [], the key alone is the default.
  return { ...field, read: (given) => ((given ?? key.default) as never[]).map(key.read) };
}

/** A value that is right when it fits its schema, and is kept as it is written. */
function asWritten(schema: TSchema, title: string, byDefault: unknown): Field<unknown> {
  const { description } = schema as { description?: string };
  return {
    schema: { ...schema, title, description: description ?? "", default: byDefault } as FieldSchema,
    read: (given) => given,
    write: (value) => value,
  };
}

/** Milliseconds; null: no limit. */
function limit({ schema }: Field<unknown>, byDefault: number | null): Field<unknown> {
  return {
    schema: { ...schema, default: byDefault === null ? null : formatDuration(byDefault) },
    read: (given) => (typeof given === "string" ? (parseDuration(given) ?? undefined) : null),
    write: (value) => (value === null ? null : formatDuration(value as number)),
  };
}
