import { nameOfNumberText, nameOfValue, shortestFloat32 } from "../../histogram/names/name-of-value.ts";
import { spellingOf } from "../../histogram/names/spelling.ts";
import { hasLeadingZero, isTruthText, numberOfText } from "../../histogram/names/text-value.ts";
import type { Batch, Cell } from "./table-file.ts";

/**
 * The cells of a column by what they are called. A file without types is counted by its texts, and what those are is decided
 * when all were seen: 2.0 is 2 in a column of numbers, TRUE is true in one of booleans, and 007 stays, with all texts
 * beside it.
 */
export class CellNames {
  numbers = 0;
  booleans = 0;
  texts = 0;
  /** Cells whose name was new when there were too many. */
  overflow = 0;
  readonly #text_only: boolean;
  readonly #known: ReturnType<typeof spellingOf>;
  readonly #most: number;
  readonly #counts = new Map<string, number>();
  #leadingZeros = false;
  /** There are other numbers than 1 and 0. */
  #measures = false;

  /** `known`: the names of the reference, which are counted however many there are. `most`: further ones. */
  constructor(text_only: boolean, known: readonly string[], most: number) {
    this.#text_only = text_only;
    this.#known = spellingOf(known);
    this.#most = known.length + most;
  }

  /** Whether the reference has it as a name, so that it is one even where it means no value. */
  isKnown(cell: Cell): boolean {
    return typeof cell === "string" && this.#known.has(cell);
  }

  /** A cell with a value that is no time; float32: of a column with fewer digits than a number has. */
  push(cell: NonNullable<Exclude<Cell, Date>>, float32: Batch["float32"]): void {
    const text = typeof cell === "string" ? cell : null;
    const number = text === null ? cell : this.#text_only ? numberOfText(text) : null;
    if (typeof number === "number" || typeof number === "bigint") {
      this.numbers++;
      this.#measures ||= Number(number) !== 1 && Number(number) !== 0;
      this.#leadingZeros ||= text !== null && hasLeadingZero(text);
    } else if (typeof cell === "boolean" || (this.#text_only && isTruthText(text!))) this.booleans++;
    else this.texts++;
    this.#count(text ?? nameOfValue(float32 && typeof cell === "number" ? shortestFloat32(cell) : cell));
  }

  #count(text: string): void {
    const count = this.#counts.get(text);
    if (count === undefined && this.#counts.size >= this.#most && !this.#known.has(this.#known.of(numbered(text)))) {
      this.overflow++;
    } else this.#counts.set(text, (count ?? 0) + 1);
  }

  /** All are booleans; 1 and 0 may be among them. */
  get areBooleans(): boolean {
    return this.booleans > 0 && this.texts === 0 && !(this.numbers > 0 && this.#measures);
  }

  /** All are numbers, and none is an identifier. */
  get areNumbers(): boolean {
    return this.numbers > 0 && this.booleans === 0 && this.texts === 0 && !this.#leadingZeros;
  }

  /** Rows by name. */
  names(): Map<string, number> {
    const names = new Map<string, number>();
    const read = this.areBooleans ? truthName : this.#text_only && this.areNumbers ? numbered : (text: string) => text;
    for (const [text, count] of this.#counts) {
      const name = this.#known.has(text) ? text : this.#known.of(read(text));
      names.set(name, (names.get(name) ?? 0) + count);
    }
    return names;
  }
}

function truthName(text: string): string {
  const number = numberOfText(text);
  return number === null ? text.toLowerCase() : number === 1 ? "true" : "false";
}

function numbered(text: string): string {
  const number = numberOfText(text);
  return number === null || hasLeadingZero(text) ? text : nameOfNumberText(text, number);
}
