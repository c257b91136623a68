import type { FeatureKind } from "../../client/histogram/feature.ts";
import { isDateText } from "../../histogram/names/days.ts";
import { CellNames } from "../table-file/cell-names.ts";
import { type CellReading, isNullCell, numberOfCell } from "../table-file/read-cell.ts";
import type { Batch, Cell } from "../table-file/table-file.ts";
import { Reservoir } from "./reservoir.ts";

/** 1 MiB a column. Quantile edges of so many values put each bin within 0.3 % of its share (3 standard deviations). */
export const SAMPLE_SIZE = 1 << 17;
/** Past it a column of texts is an identifier or prose, and no feature. */
export const MOST_CATEGORIES = 1000;

/** What one pass over a column learns; bounded, however long the column is. */
export class ColumnProfile {
  /** Rows with a value. */
  rows = 0;
  /** Cells that stand for a number, as the column's kind reads them. */
  numbers = 0;
  times = 0;
  /** Of a file without types: texts that write dates. */
  date_texts = 0;
  /** Lists, objects, bytes, times of day. */
  others = 0;
  least = Number.POSITIVE_INFINITY;
  greatest = Number.NEGATIVE_INFINITY;
  /** The first value that is no number. */
  first_text: { text: string; row: number } | null = null;
  readonly sample = new Reservoir(SAMPLE_SIZE);
  readonly names: CellNames;
  readonly #reading: CellReading;
  readonly #kind: FeatureKind | undefined;

  /** `kind`: what somebody says that the column is. */
  constructor(reading: CellReading, kind: FeatureKind | undefined) {
    this.#reading = reading;
    this.#kind = kind;
    this.names = new CellNames(reading.text_only, [], MOST_CATEGORIES);
  }

  push({ cells, first, float32 }: Batch): void {
    for (let i = 0; i < cells.length; i++) this.#take(cells[i], first + i, float32);
  }

  #take(cell: Cell, row: number, float32: Batch["float32"]): void {
    if (isNullCell(cell, this.#reading)) return;
    this.rows++;
    const number = numberOfCell(cell, this.#reading, this.#kind);
    if (number !== undefined) this.#takeNumber(number);
    else if (typeof cell !== "object" && cell !== undefined) this.first_text ??= { text: String(cell), row };
    if (cell === undefined) this.others++;
    else if (cell instanceof Date) this.times++;
    else {
      if (typeof cell === "string" && this.#reading.text_only && isDateText(cell)) this.date_texts++;
      this.names.push(cell!, float32);
    }
  }

  #takeNumber(value: number): void {
    this.numbers++;
    this.sample.push(value);
    if (value < this.least && value !== Number.NEGATIVE_INFINITY) this.least = value;
    if (value > this.greatest && value !== Number.POSITIVE_INFINITY) this.greatest = value;
  }
}
