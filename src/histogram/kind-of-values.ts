export type ValueKind = "number" | "string" | "boolean";

/** A value that does not belong in its list; `kind` is undefined for what no histogram counts. */
export interface StrayValue {
  readonly at: number;
  readonly value: unknown;
  readonly kind: ValueKind | undefined;
}

/** Kind of the first value that has one; a column of nulls only counts as numeric. */
export function kindOfValues(values: ArrayLike<unknown>): ValueKind {
  if (ArrayBuffer.isView(values)) return "number";
  for (let i = 0; i < values.length; i++) {
    const kind = kindOfValue(values[i]);
    if (kind !== undefined) return kind;
  }
  return "number";
}

/** The first `most` values that are neither of this kind nor null. Typed arrays hold numbers, whatever is in them. */
export function strayValues(values: ArrayLike<unknown>, kind: ValueKind, most: number): StrayValue[] {
  const stray: StrayValue[] = [];
  if (ArrayBuffer.isView(values)) return stray;
  for (let at = 0; at < values.length && stray.length < most; at++) {
    const value = values[at];
    if (value === null || value === undefined) continue;
    const found = kindOfValue(value);
    if (found !== kind) stray.push({ at, value, kind: found });
  }
  return stray;
}

function kindOfValue(value: unknown): ValueKind | undefined {
  const type = typeof value;
  if (type === "bigint") return "number";
  return type === "number" || type === "string" || type === "boolean" ? type : undefined;
}
