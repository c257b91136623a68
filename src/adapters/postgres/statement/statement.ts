import type pg from "pg";
import type { Columns, RowOf } from "./columns.ts";

/**
 * A statement under a name, with the columns of its rows, from which their type is made. It is exported where it is declared: a
 * test prepares each of them on a migrated database and compares the columns with what the server says.
 */
export interface Statement<C extends Columns = Columns> {
  /** Of this text alone: a connection prepares it once under its name. */
  readonly name: string;
  readonly columns: C;
  readonly text: string;
}

export function statement<C extends Columns>(name: string, columns: C, text: string): Statement<C> {
  return { name, columns, text };
}

export type Rows<S> = S extends Statement<infer C> ? RowOf<C>[] : never;

export type Db = Pick<pg.ClientBase, "query">;

/** A statement that was made for a filter, with its values. */
export interface Filled<C extends Columns> {
  statement: Statement<C>;
  values: unknown[];
}

/** By the driver's own way, planned anew each time: for statements outside the transaction of reports. */
export async function select<C extends Columns>(
  db: Db,
  { text }: Statement<C>,
  values: unknown[] = [],
): Promise<RowOf<C>[]> {
  return (await db.query(text, values)).rows as RowOf<C>[];
}

/** Answers how many rows it inserted, updated or deleted. */
export async function execute(db: Db, { text }: Statement, values: unknown[] = []): Promise<number> {
  return (await db.query(text, values)).rowCount ?? 0;
}
