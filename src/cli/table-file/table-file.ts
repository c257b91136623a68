import { CommandError } from "../command-error.ts";

/** A value as the file has it. CSV knows only text; null is a missing value; what is no plain value is `undefined`. */
export type Cell = string | number | bigint | boolean | Date | null | undefined;

/** Some consecutive values of one column. */
export interface Batch {
  column: string;
  cells: ArrayLike<Cell>;
  /** The row of the first one, from 1. */
  first: number;
  /** The file holds numbers of this column with the digits of float32. */
  float32?: boolean;
}

/** A file of rows and columns that can be read more than once, a part at a time. */
export interface TableFile {
  /** true: numbers come as text. */
  text_only: boolean;
  /** How much there is to read, in bytes of the file. */
  bytes: number;
  /** Columns may take turns in any way. `progress` is told how many of the bytes were read. Answers the number of rows. */
  read(visit: (batch: Batch) => void, progress: (bytes: number) => void): Promise<number>;
}

/** The file cannot be read as what it is said to be. */
export class TableError extends CommandError {}

export const BATCH_ROWS = 8192;
