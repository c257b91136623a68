import {
  type ColumnChange,
  compareSchemas,
  SCHEMA_CHANGES,
  type SchemaChangeKind,
} from "../../schema/compare-schemas.ts";
import type { BaselineSource, SchemaBaseline, SchemaColumn } from "../../schema/schema.ts";

/** Columns of a group of changes that are kept by name. */
const MOST_NAMED = 10;

/** How the schema of a dataset differs from what is expected. */
export interface SchemaEvidence {
  dataset: string;
  at: number;
  version: string;
  /** How many columns it has. */
  size: number;
  /** What it was held against, that which weighs most; null: nothing yet. */
  baseline: BaselineSource | null;
  changes: SchemaChangeGroup[];
}

/** Columns that changed in one way and are expected for one reason. */
export interface SchemaChangeGroup {
  change: SchemaChangeKind;
  /** Somebody declared or accepted them, or they were learned; of added ones false. */
  fixed: boolean;
  count: number;
  /** The first of them. */
  columns: ColumnChange[];
}

/** A schema as it is stored, with what it is held against, that which weighs most first. */
export interface HeldSchema {
  dataset: string;
  at: number;
  version: string;
  size: number;
  complete: boolean;
  /** null: nothing that is judged differs. */
  columns: SchemaColumn[] | null;
  baselines: SchemaBaseline[];
}

export function schemaEvidence({
  dataset,
  at,
  version,
  size,
  complete,
  columns,
  baselines,
}: HeldSchema): SchemaEvidence {
  const baseline = baselines[0]?.source ?? null;
  const { changes } =
    columns === null || baseline === null ? { changes: [] } : compareSchemas({ columns, complete }, baselines);
  return { dataset, at, version, size, baseline, changes: grouped(changes) };
}

function grouped(changes: readonly ColumnChange[]): SchemaChangeGroup[] {
  return SCHEMA_CHANGES.flatMap((change) =>
    [true, false].flatMap((fixed) => {
      const of = changes.filter((one) => one.change === change && isFixed(one) === fixed);
      return of.length === 0 ? [] : [{ change, fixed, count: of.length, columns: of.slice(0, MOST_NAMED) }];
    }),
  );
}

function isFixed({ source }: ColumnChange): boolean {
  return source === "declared" || source === "accepted";
}

/** What was expected is not as it was. What was added fails nothing. */
export function schemaFails({ changes }: SchemaEvidence): boolean {
  return changes.some(({ change }) => change !== "added");
}

/** What a reason about the column is about. */
export function columnSubject(dataset: string, column: string, pipeline_name: string): string {
  const name = column === "" ? '""' : column;
  return dataset === pipeline_name ? name : `${dataset}/${name}`;
}

/** Whether a reason with this subject is about this schema. */
export function changesSubject(
  { dataset, changes }: SchemaEvidence,
  subject: string | null,
  pipeline_name: string,
): boolean {
  if (subject === dataset) return true;
  return changes.some(({ columns }) =>
    columns.some(({ column }) => columnSubject(dataset, column, pipeline_name) === subject),
  );
}
