import Type from "typebox";
import type { Field, FieldText } from "../field.ts";

/** A text that `accept` makes something of; undefined: not allowed. */
export function text<T>(
  about: FieldText & { writeOnly?: boolean },
  accept: (given: string, directory: string) => T | undefined,
  write: (value: T) => unknown,
): Field<T> {
  return {
    schema: { ...Type.String(), ...about },
    read: (given, directory) => (typeof given === "string" ? accept(given, directory) : undefined),
    write,
  };
}
