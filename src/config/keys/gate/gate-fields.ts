import type { TSchema } from "typebox";
import { Effect, PolicyShareOrNull } from "../../../contract/gate-policy.ts";
import type * as policy from "../../../domain/gate/policy/policy.ts";
import { formatDuration, parseDuration } from "../../../domain/words/duration.ts";
import type { Field, FieldSchema } from "../../format/field.ts";

/** A value that is right when it fits its schema, and is kept as it is written. */
function asWritten<T>(schema: TSchema, title: string, byDefault: T): Field<T> {
  const { description } = schema as { description?: string };
  return {
    schema: { ...schema, title, description: description ?? "", default: byDefault } as FieldSchema,
    read: (given) => given as T,
    write: (value) => value,
  };
}

export function effect(title: string, byDefault: policy.Effect): Field<policy.Effect> {
  return asWritten(Effect, title, byDefault);
}

export function choiceOf<T extends string>(schema: TSchema, title: string, byDefault: T): Field<T> {
  return asWritten(schema, title, byDefault);
}

export function shareOrNull(title: string, byDefault: number | null): Field<number | null> {
  return asWritten<number | null>(PolicyShareOrNull, title, byDefault);
}

/** A list with nothing in it is written [], the key alone is the default. */
export function list<T>(schema: TSchema, title: string, byDefault: readonly T[], read = (item: T) => item): Field<T[]> {
  const field = asWritten<T[]>(schema, title, [...byDefault]);
  return { ...field, read: (given) => ((given ?? byDefault) as T[]).map(read) };
}

/** null, or the key alone: what holds without a list. A list with nothing in it is written []. */
export function namesOrNull(schema: TSchema, title: string): Field<string[] | null> {
  return asWritten<string[] | null>(schema, title, null);
}

/** Milliseconds; null: no limit. */
export function limit(schema: TSchema, title: string, byDefault: number | null = null): Field<number | null> {
  const field = asWritten<number | null>(schema, title, null);
  return {
    ...field,
    schema: { ...field.schema, default: byDefault === null ? null : formatDuration(byDefault) },
    read: (given) => (typeof given === "string" ? (parseDuration(given) ?? undefined) : null),
    write: (value) => (value === null ? null : formatDuration(value)),
  };
}
