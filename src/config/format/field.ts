import type { TSchema } from "typebox";

/** What a value is for (`title`), what is allowed (`description`, ends the sentence "must be …"), and what it is when not set. */
export interface FieldText {
  title: string;
  description: string;
  default: unknown;
}

export interface FieldSchema extends TSchema, FieldText {
  type?: string | string[];
  pattern?: string;
  writeOnly?: boolean;
}

/** One value that can be set: how it is written and what that means. */
export interface Field<T> {
  /** `writeOnly: true` marks a secret. */
  schema: FieldSchema;
  /** What a variable may say, where that is less than what the file may. */
  variable_schema?: FieldSchema;
  /**
   * `given` is as the file has it, after the check against the schema, or the text of a variable. undefined: not allowed.
   * Relative paths start at `directory`.
   */
  read(given: unknown, directory: string): T | undefined;
  /** As it is written in the file, without secrets. */
  write(value: T): unknown;
}

/** A field that may also be null, and is when not set. */
export function orNull<T>(field: Field<T>, meaning: string): Field<T | null> {
  const { type = [] } = field.schema;
  return {
    schema: {
      ...field.schema,
      type: [type, "null"].flat(),
      description: `${field.schema.description}, or null (${meaning})`,
      default: null,
    },
    variable_schema: field.schema,
    read: (given, directory) => (given === null ? null : field.read(given, directory)),
    write: (value) => (value === null ? null : field.write(value)),
  };
}

/** The same field with another default. */
export function orDefault<T>(field: Field<T>, byDefault: unknown): Field<T> {
  return { ...field, schema: { ...field.schema, default: byDefault } };
}
