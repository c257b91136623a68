import { BATCH_ROWS, type Batch, type Cell } from "./table-file.ts";

/** Turns rows that come as objects into batches of columns. What a row lacks is null. */
export class RowBatches {
  readonly #visit: (batch: Batch) => void;
  readonly #columns = new Map<string, Cell[]>();
  #first = 1;
  #rows = 0;

  constructor(visit: (batch: Batch) => void) {
    this.#visit = visit;
  }

  push(row: object, place: number): void {
    if (this.#rows === 0) this.#first = place;
    for (const [name, value] of Object.entries(row)) {
      const cells = this.#columns.get(name) ?? [];
      this.#columns.set(name, cells);
      while (cells.length < this.#rows) cells.push(null);
      cells.push(plain(value));
    }
    this.#rows++;
    if (this.#rows === BATCH_ROWS) this.flush();
  }

  flush(): void {
    for (const [column, cells] of this.#columns) this.#visit({ column, cells, first: this.#first });
    this.#columns.clear();
    this.#rows = 0;
  }
}

/** undefined: a list, an object or bytes, of which no histogram is made. */
export function plain(value: unknown): Cell {
  switch (typeof value) {
    case "number":
    case "string":
    case "boolean":
    case "bigint":
      return value;
    default:
      return value instanceof Date ? value : value === null || value === undefined ? null : undefined;
  }
}
