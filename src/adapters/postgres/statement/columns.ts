/** A column of a result: the server's name for its type, and what a value of it is here. */
export interface ResultColumn<T> {
  /** As format_type() prints it. */
  readonly type: string;
  /** Never there: it carries the type alone. */
  readonly value?: () => T;
}

export type Columns = Readonly<Record<string, ResultColumn<unknown>>>;

/** A row of these columns. */
export type RowOf<C extends Columns> = {
  -readonly [K in keyof C]: C[K] extends ResultColumn<infer T> ? T : never;
};

export const integer: ResultColumn<number> = { type: "integer" };
/** Exact to 2^53. */
export const bigint: ResultColumn<number> = { type: "bigint" };
/** Exact to 2^53. */
export const numeric: ResultColumn<number> = { type: "numeric" };
export const float: ResultColumn<number> = { type: "double precision" };
export const boolean: ResultColumn<boolean> = { type: "boolean" };
export const text: ResultColumn<string> = { type: "text" };
/** The server's own names. */
export const identifier: ResultColumn<string> = { type: "name" };
export const uuid: ResultColumn<string> = { type: "uuid" };
export const bytes: ResultColumn<Buffer> = { type: "bytea" };
/** Of a function that answers nothing: an empty text. */
export const nothing: ResultColumn<string> = { type: "void" };
/** Milliseconds since 1970. */
export const time: ResultColumn<number> = { type: "timestamp with time zone" };

export const integerArray: ResultColumn<number[]> = { type: "integer[]" };
export const bigintArray: ResultColumn<number[]> = { type: "bigint[]" };
export const floatArray: ResultColumn<number[]> = { type: "double precision[]" };
export const textArray: ResultColumn<string[]> = { type: "text[]" };
export const uuidArray: ResultColumn<string[]> = { type: "uuid[]" };
export const timeArray: ResultColumn<number[]> = { type: "timestamp with time zone[]" };

/** A text of which the table holds only these. */
export function word<T extends string>(): ResultColumn<T> {
  return { type: "text" };
}

export function json<T>(): ResultColumn<T> {
  return { type: "json" };
}

export function jsonb<T>(): ResultColumn<T> {
  return { type: "jsonb" };
}

export function nullable<T>({ type }: ResultColumn<T>): ResultColumn<T | null> {
  return { type };
}
