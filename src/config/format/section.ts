import Type, { type TSchema } from "typebox";
import type { Field } from "./field.ts";
import type { Sources } from "./sources/sources.ts";
import type { Variable } from "./sources/variable.ts";

/** A key of sluice.yaml with all below it. A new one is a file in sections/ and a line in sections.ts. */
export interface Section<T> {
  schema: TSchema;
  /** The variables that set something in it. */
  variables: readonly string[];
  /** Reports what is wrong to `sources`, and answers the default then. `path` is where the section stands in the file. */
  read(sources: Sources, path: readonly string[]): T;
  /** As it is written in the file, without secrets. */
  write(value: T): unknown;
}

/** A section that is one value. */
export function value<T>(field: Field<T>, variable?: Variable): Section<T> {
  const { name, secret } = variable ?? {};
  return {
    schema: field.schema,
    variables: name === undefined ? [] : [name, ...(secret ? [`${name}_FILE`] : [])],
    read: (sources, path) => sources.read(field, path, variable),
    write: field.write,
  };
}

type Members<T> = { [K in keyof T]: Section<T[K]> };

/** A section of sections. Nothing below its key is the same as no key, so that all of it can be commented out. */
export function group<T extends object>(title: string, members: Members<T>): Section<T> {
  const keys = Object.keys(members) as (keyof T & string)[];
  const each = <R>(work: (key: keyof T & string) => R) => Object.fromEntries(keys.map((key) => [key, work(key)]));
  return {
    schema: {
      ...Type.Object(
        each((key) => Type.Optional(members[key].schema)),
        { additionalProperties: false, title, description: `keys and values; the keys are ${keys.join(", ")}` },
      ),
      type: ["object", "null"],
    },
    variables: keys.flatMap((key) => members[key].variables),
    read: (sources, path) => each((key) => members[key].read(sources, [...path, key])) as T,
    write: (values) => each((key) => members[key].write(values[key])),
  };
}
