import { type TypeFamily, typeFamily } from "./type-family.ts";

/** A column as it was reported; its place in the list is its order. */
export interface SchemaColumn {
  name: string;
  /** As the system calls it; null: it was refused, so that only the name is known. */
  type: string | null;
  /** null: not said. */
  nullable: boolean | null;
}

/** The columns of a dataset. */
export interface Schema {
  columns: readonly SchemaColumn[];
  /** All columns are in it, so that what is not in it is not there. */
  complete: boolean;
}

/** Why a baseline holds: somebody declared or accepted it, or it stood for some runs. */
export const BASELINE_SOURCES = ["declared", "accepted", "learned"] as const;
export type BaselineSource = (typeof BASELINE_SOURCES)[number];

/** A schema that later ones are held against. */
export interface SchemaBaseline extends Schema {
  source: BaselineSource;
}

export interface BaselineColumn extends SchemaColumn {
  source: BaselineSource;
}

/** So many good runs in a row with the same names and families of types make a schema the learned one. */
export const STOOD_FOR_RUNS = 3;

/** What a column is compared by; null: nothing that is known. */
export function familyOf({ type }: SchemaColumn): TypeFamily | null {
  return type === null ? null : typeFamily(type);
}

/** What makes two schemas the same where nothing is judged that differs: names and families in any order. Text, to be hashed. */
export function shapeOf({ columns, complete }: Schema): string {
  const each = columns.map((column) => [column.name, familyOf(column) ?? `type ${column.type?.toLowerCase() ?? "?"}`]);
  each.sort(([a], [b]) => (a! < b! ? -1 : 1));
  return JSON.stringify([complete, ...each]);
}

/** All that was said, in its order. Text, to be hashed. */
export function contentOf({ columns, complete }: Schema): string {
  return JSON.stringify([complete, ...columns.map(({ name, type, nullable }) => [name, type, nullable])]);
}

/**
 * The columns that are expected: those that were declared or accepted, and those that were learned since, beside them. Complete
 * where whatever is not among them is new.
 */
export function expectedColumns(baselines: readonly SchemaBaseline[]): {
  columns: BaselineColumn[];
  complete: boolean;
} {
  const byName = new Map<string, BaselineColumn>();
  for (const { source, columns } of baselines) {
    for (const column of columns) if (!byName.has(column.name)) byName.set(column.name, { ...column, source });
  }
  return { columns: [...byName.values()], complete: baselines.some(({ complete }) => complete) };
}
