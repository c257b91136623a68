import type { Query } from "../../connection/query.ts";
import { numbers } from "../../connection/values/array-literals.ts";
import type { Columns, RowOf } from "../../statement/columns.ts";
import type { Statement } from "../../statement/statement.ts";
import type { AskedGate } from "./chosen-run.ts";

/** Asks about the runs of these gates: $1 are their keys, $2 the attempts from which they speak. Nothing where there is no run. */
export async function ofRuns<C extends Columns>(
  query: Query,
  statement: Statement<C>,
  gates: readonly AskedGate[],
  from?: "evidence_from" | "records_from",
): Promise<RowOf<C>[]> {
  const runs = gates.filter(({ run_key }) => run_key !== null);
  if (runs.length === 0) return [];
  const keys = numbers(runs.map(({ run_key }) => run_key));
  return query(statement, from === undefined ? [keys] : [keys, numbers(runs.map((run) => run[from]))]);
}

/** Asks about the pipelines of these gates: $1 are their ids. Nothing where there is none. */
export async function ofPipelines<C extends Columns>(
  query: Query,
  statement: Statement<C>,
  gates: readonly AskedGate[],
  ...values: unknown[]
): Promise<RowOf<C>[]> {
  if (gates.length === 0) return [];
  return query(statement, [numbers(gates.map(({ pipeline_id }) => pipeline_id)), ...values]);
}

/** What was found by what it is of, each list in the order of the rows. */
export function grouped<R, K, T>(rows: readonly R[], keyOf: (row: R) => K, itemOf: (row: R) => T): (key: K) => T[] {
  const lists = new Map<K, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [itemOf(row)]);
    else list.push(itemOf(row));
  }
  return (key) => lists.get(key) ?? [];
}
