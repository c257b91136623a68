import type { AnyPrecedence } from "../../../domain/commit/precedence.ts";

/** Where a column is not named as the field: `{ at: "checked_at" }`. */
type Columns = Readonly<Record<string, string>>;

/** The precedence as a list for ORDER BY: what comes first decides. `row`: the alias of the rows; null: columns stand alone. */
export function orderBy(precedence: AnyPrecedence, row: string | null, columns: Columns = {}): string {
  return precedence
    .map(({ of, first, nulls, last }) => {
      const column = columnOf(row, of, columns);
      if (last !== undefined) return `${column} = '${last}'`;
      // Nothing is said of nulls where there are none, so that an index in this order serves.
      const where = nulls === undefined ? "" : ` NULLS ${nulls.toUpperCase()}`;
      return `${column} ${first === "greatest" ? "DESC" : "ASC"}${where}`;
    })
    .join(", ");
}

/** Whether the row `a` comes before `b`, as a condition; `orEqual`: or stands beside it. Columns that are compared by the least are numbers. */
export function precedesSql(precedence: AnyPrecedence, a: string, b: string, { orEqual = false } = {}): string {
  const [left, right] = [a, b].map((row) => precedence.map((step) => rankOf(step, row)));
  return `(${left!.join(", ")}) ${orEqual ? ">=" : ">"} (${right!.join(", ")})`;
}

/** An expression that is the greater the earlier its row comes, since rows are compared in one direction. */
function rankOf({ of, first, nulls, last }: AnyPrecedence[number], row: string): string {
  const column = columnOf(row, of, {});
  if (last !== undefined) return `${column} <> '${last}'`;
  const sign = first === "greatest" ? "" : "-";
  if (nulls === undefined) return `${sign}${column}`;
  const infinity = (first === "greatest") === (nulls === "first") ? "infinity" : "-infinity";
  return `${sign}coalesce(${column}, '${infinity}')`;
}

function columnOf(row: string | null, field: string, columns: Columns): string {
  const column = columns[field] ?? field;
  return row === null ? column : `${row}.${column}`;
}
