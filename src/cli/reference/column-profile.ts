import { readTextCell } from "../table-file/read-cell.ts";
import type { Batch, Cell } from "../table-file/table-file.ts";
import { Reservoir } from "./reservoir.ts";

/** 1 MiB a column. Quantile edges of so many values put each bin within 0.3 % of its share (3 standard deviations). */
export const SAMPLE_SIZE = 1 << 17;
/** Past it a column of texts is an identifier or prose, and no feature. */
export const MOST_CATEGORIES = 1000;

export interface ProfileOptions {
  /** Cells are text that may stand for numbers. */
  text_only: boolean;
  nulls: ReadonlySet<string>;
}

/** What one pass over a column learns; bounded, however long the column is. */
export class ColumnProfile {
  numbers = 0;
  texts = 0;
  /** Lists, objects, bytes, times. */
  others = 0;
  least = Number.POSITIVE_INFINITY;
  greatest = Number.NEGATIVE_INFINITY;
  first_text: { text: string; row: number } | null = null;
  readonly sample = new Reservoir(SAMPLE_SIZE);
  /** Rows of each value by its text; null: there are too many different ones. */
  categories: Map<string, number> | null = new Map();
  readonly #options: ProfileOptions;

  constructor(options: ProfileOptions) {
    this.#options = options;
  }

  /** Rows with a value. */
  get rows(): number {
    return this.numbers + this.texts + this.others;
  }

  push({ cells, first }: Batch): void {
    for (let i = 0; i < cells.length; i++) this.#take(cells[i], first + i);
  }

  #take(cell: Cell, row: number): void {
    const { text_only, nulls } = this.#options;
    const value = typeof cell === "string" && text_only ? readTextCell(cell, nulls) : cell;
    if (value === null || Number.isNaN(value) || (typeof value === "string" && nulls.has(value))) return;
    if (value === undefined) {
      this.others++;
      return;
    }
    // "01" and "1" are two categories of a file of texts, and the same number.
    this.#count(typeof cell === "string" ? cell : String(value));
    if (typeof value === "number") {
      this.numbers++;
      this.sample.push(value);
      if (value < this.least && value !== Number.NEGATIVE_INFINITY) this.least = value;
      if (value > this.greatest && value !== Number.POSITIVE_INFINITY) this.greatest = value;
    } else {
      this.texts++;
      this.first_text ??= { text: String(value), row };
    }
  }

  #count(text: string): void {
    if (this.categories === null) return;
    const count = this.categories.get(text);
    if (count === undefined && this.categories.size === MOST_CATEGORIES) this.categories = null;
    else this.categories.set(text, (count ?? 0) + 1);
  }
}
