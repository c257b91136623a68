import { findRenamed } from "./find-renamed.ts";
import {
  type BaselineColumn,
  type BaselineSource,
  expectedColumns,
  familyOf,
  type Schema,
  type SchemaBaseline,
  type SchemaColumn,
} from "./schema.ts";

export const SCHEMA_CHANGES = ["removed", "renamed", "retyped", "added"] as const;
/** What is judged of a difference. */
export type SchemaChangeKind = (typeof SCHEMA_CHANGES)[number];

/** A column that is otherwise than expected. */
export interface ColumnChange {
  change: SchemaChangeKind;
  /** The expected name; of what was added the new one. */
  column: string;
  /** Its likely new name, where it was renamed. */
  renamed_to: string | null;
  /** The types; null: there is none, or it is not known. */
  was: string | null;
  is: string | null;
  /** Why the column is expected; null: it was added. */
  source: BaselineSource | null;
}

/** A difference that nobody judges: another type of the same family or of none that is known, or nullable where it was not. */
export interface ColumnNote {
  column: string;
  was: string;
  is: string;
}

export interface SchemaDiff {
  changes: ColumnChange[];
  notes: ColumnNote[];
  /** The columns that both have stand in another order. */
  reordered: boolean;
}

/**
 * Holds a schema against its baselines, those that weigh more first. Only a complete list proves that a column is gone, and only
 * beside a complete one is a column new.
 */
export function compareSchemas(current: Schema, baselines: readonly SchemaBaseline[]): SchemaDiff {
  const expected = expectedColumns(baselines);
  const now = new Map(current.columns.map((column) => [column.name, column]));
  const known = new Map(expected.columns.map((column) => [column.name, column.source]));
  const gone = current.complete ? expected.columns.filter(({ name }) => !now.has(name)) : [];
  const renamed = renamedColumns(gone, current.columns, known);
  const newNames = new Set(renamed.values());
  const both = expected.columns.flatMap((was) => {
    const is = now.get(was.name);
    return is === undefined || newNames.has(is) ? [] : [{ was, is }];
  });
  const added = expected.complete
    ? current.columns.filter((column) => !known.has(column.name) && !newNames.has(column))
    : [];
  return {
    changes: [
      ...gone.map((column) => goneChange(column, renamed.get(column) ?? null)),
      ...both.flatMap(({ was, is }) => (isRetyped(was, is) ? [retyped(was, is)] : [])),
      ...added.map(({ name, type }): ColumnChange => {
        return { change: "added", column: name, renamed_to: null, was: null, is: type, source: null };
      }),
    ],
    notes: both.flatMap(({ was, is }) => notesOn(was, is)),
    reordered: isReordered(
      both.map(({ is }) => is),
      current,
    ),
  };
}

/** A new name that was learned since is new beside what was declared or accepted. */
function renamedColumns(
  gone: readonly BaselineColumn[],
  current: readonly SchemaColumn[],
  known: ReadonlyMap<string, BaselineSource>,
): Map<BaselineColumn, SchemaColumn> {
  const isFixed = ({ source }: BaselineColumn) => source !== "learned";
  const beside = current.filter(({ name }) => (known.get(name) ?? "learned") === "learned");
  const fixed = findRenamed(gone.filter(isFixed), beside);
  const taken = new Set(fixed.values());
  const fresh = current.filter((column) => !known.has(column.name) && !taken.has(column));
  const learned = findRenamed(
    gone.filter((column) => !isFixed(column)),
    fresh,
  );
  return new Map([...fixed, ...learned]);
}

function goneChange({ name, type, source }: BaselineColumn, to: SchemaColumn | null): ColumnChange {
  const change = to === null ? "removed" : "renamed";
  return { change, column: name, renamed_to: to?.name ?? null, was: type, is: to?.type ?? null, source };
}

/** A type of no known family is a family of its own, and only told. */
function isRetyped(was: SchemaColumn, is: SchemaColumn): boolean {
  const [one, other] = [familyOf(was), familyOf(is)];
  return one !== null && other !== null && one !== other;
}

function retyped(was: BaselineColumn, is: SchemaColumn): ColumnChange {
  const { name: column, type, source } = was;
  return { change: "retyped", column, renamed_to: null, was: type, is: is.type, source };
}

function notesOn(was: SchemaColumn, is: SchemaColumn): ColumnNote[] {
  const notes: ColumnNote[] = [];
  const column = was.name;
  if (
    was.type !== null &&
    is.type !== null &&
    was.type.toLowerCase() !== is.type.toLowerCase() &&
    !isRetyped(was, is)
  ) {
    notes.push({ column, was: was.type, is: is.type });
  }
  if (was.nullable !== null && is.nullable !== null && was.nullable !== is.nullable) {
    notes.push({ column, was: nullability(was.nullable), is: nullability(is.nullable) });
  }
  return notes;
}

function nullability(nullable: boolean): string {
  return nullable ? "nullable" : "not nullable";
}

/** `inOrder`: what both have, in the order of the baseline. */
function isReordered(inOrder: readonly SchemaColumn[], { columns }: Schema): boolean {
  const places = new Map(columns.map((column, place) => [column, place]));
  return inOrder.some((column, i) => i > 0 && places.get(column)! < places.get(inOrder[i - 1]!)!);
}
