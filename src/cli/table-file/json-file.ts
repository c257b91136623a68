import { readFileSync, statSync } from "node:fs";
import { plain, RowBatches } from "./row-batches.ts";
import { type Cell, TableError, type TableFile } from "./table-file.ts";

/** A JSON document is read as a whole, and takes several times its size in memory. */
const LARGEST = 256 * 1024 * 1024;

/** An array of objects (one a row), or an object of arrays (one a column). */
export function jsonFile(file: string): TableFile {
  const bytes = statSync(file).size;
  let columns: Map<string, Cell[]> | null = null;
  return {
    text_only: false,
    bytes,
    async read(visit, progress) {
      columns ??= columnsOf(parse(file, bytes), file);
      for (const [column, cells] of columns) visit({ column, cells, first: 1 });
      progress(bytes);
      return columns.values().next().value?.length ?? 0;
    },
  };
}

function parse(file: string, bytes: number): unknown {
  if (bytes > LARGEST) {
    throw new TableError(
      `${file}: larger than 256 MiB, which one JSON document may not be; convert it to NDJSON: jq -c '.[]'`,
    );
  }
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new TableError(`${file}: not JSON (${error.message})`, error);
    throw error;
  }
}

function columnsOf(document: unknown, file: string): Map<string, Cell[]> {
  const columns = new Map<string, Cell[]>();
  if (Array.isArray(document)) {
    const batches = new RowBatches(({ column, cells, first }) => {
      const all = columns.get(column) ?? [];
      columns.set(column, all);
      while (all.length < first - 1) all.push(null);
      for (const cell of Array.from(cells)) all.push(cell);
    });
    document.forEach((row: unknown, i) => {
      if (!isObject(row)) throw new TableError(`${file}: row ${i + 1} must be an object with a value for each column`);
      batches.push(row, i + 1);
    });
    batches.flush();
    for (const cells of columns.values()) while (cells.length < document.length) cells.push(null);
    return columns;
  }
  if (!isObject(document)) throw new TableError(`${file}: must be an array of objects, or an object of arrays`);
  for (const [name, list] of Object.entries(document)) {
    if (!Array.isArray(list)) throw new TableError(`${file}: ${JSON.stringify(name)} must be an array of values`);
    columns.set(name, list.map(plain));
  }
  if (new Set([...columns.values()].map((cells) => cells.length)).size > 1) {
    throw new TableError(`${file}: the arrays of its columns have different lengths`);
  }
  return columns;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
