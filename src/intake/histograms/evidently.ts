import { show } from "../../contract/check.ts";
import type { BinnableValue } from "../../histogram/histogram-input.ts";
import type { Found } from "./parts/found.ts";
import { isObject, type Reading, within } from "./parts/reading.ts";

/**
 * The rows themselves, as Evidently's collector is sent them: pandas' DataFrame.to_dict(), `{column: {"0": 1.2, …}}`, its
 * orient="list", `{column: [1.2, …]}`, or orient="records", `[{column: 1.2, …}, …]`, where a row without a column is a null in it.
 *
 * Numbers make a numeric feature, texts or booleans a categorical one. Exact. The rows are counted and not kept.
 */
export function readEvidently(document: unknown, reading: Reading): Found[] {
  if (Array.isArray(document)) return columnsOf(document, reading);
  const root = reading.object(document, "");
  if (Object.keys(root).length === 0 && !reading.failed) {
    reading.wrong("", "an empty object given; must be an object of columns, or an array of rows");
  }
  return Object.entries(root).map(([name, column]) => {
    if (!isObject(column) && !Array.isArray(column)) {
      reading.wrong(name, `${show(column)} given; must be an object or an array of the column's values`);
      return { name, path: name, input: {} };
    }
    const keys = Array.isArray(column) ? null : Object.keys(column);
    const values = Array.isArray(column) ? column : Object.values(column);
    const at = (i: number) => (keys === null ? `${name}[${i}]` : within(name, keys[i]!));
    return { name, path: name, input: { values: checked(values, at, reading) } };
  });
}

function columnsOf(rows: readonly unknown[], reading: Reading): Found[] {
  const columns = new Map<string, BinnableValue[]>();
  rows.forEach((row, i) => {
    for (const [name, value] of Object.entries(reading.object(row, `[${i}]`))) {
      const column = columns.get(name) ?? new Array<BinnableValue>(rows.length).fill(null);
      column[i] = value as BinnableValue;
      columns.set(name, column);
    }
  });
  if (columns.size === 0 && !reading.failed) reading.wrong("", "no row with a column given; must be an array of rows");
  return [...columns].map(([name, values]) => {
    return { name, path: name, input: { values: checked(values, (i) => `[${i}].${name}`, reading) } };
  });
}

const KINDS = ["number", "string", "boolean"];

function checked(values: readonly unknown[], pathAt: (index: number) => string, reading: Reading): BinnableValue[] {
  let kind: string | undefined;
  values.forEach((value, i) => {
    if (value === null) return;
    const type = typeof value;
    if (!KINDS.includes(type)) {
      reading.wrong(pathAt(i), `${show(value)} given; must be a number, a text, a boolean or null`);
    } else if (kind !== undefined && type !== kind) {
      reading.wrong(pathAt(i), `${show(value)} given; must be a ${kind} or null, as the values before it`);
    } else kind = type;
  });
  return values as BinnableValue[];
}
