import { isTime } from "../../domain/words/time.ts";
import { SluiceError } from "../../errors.ts";

/** A cursor is opaque to clients: what the last item was, in base64url. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** What the values of a cursor may be: a time in milliseconds, the key of a row, a name. */
interface Values {
  time: number;
  key: number;
  name: string;
}

const IS: Record<keyof Values, (value: unknown) => boolean> = {
  time: (value) => typeof value === "number" && Number.isInteger(value) && isTime(value),
  key: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  name: (value) => typeof value === "string" && !value.includes("\u0000"),
};

/** Clients can change a cursor: nothing comes out of it that the store would refuse. */
export function decodeCursor<const S extends readonly (keyof Values)[]>(
  cursor: string | undefined,
  shape: S,
): { -readonly [I in keyof S]: Values[S[I]] } | null {
  if (cursor === undefined) return null;
  const values = parse(cursor);
  if (Array.isArray(values) && values.length === shape.length && shape.every((kind, i) => IS[kind](values[i]))) {
    return values as { -readonly [I in keyof S]: Values[S[I]] };
  }
  throw new SluiceError("invalid_cursor", "cursor: must be the next_cursor of an earlier answer, unchanged");
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

/** One more row than wanted was asked for: it tells that there is a next page. */
export function page<T>(
  rows: T[],
  limit: number,
  cursorOf: (last: T) => (string | number)[],
): { items: T[]; next_cursor: string | null } {
  if (rows.length <= limit) return { items: rows, next_cursor: null };
  const items = rows.slice(0, limit);
  return { items, next_cursor: encodeCursor(cursorOf(items.at(-1)!)) };
}
