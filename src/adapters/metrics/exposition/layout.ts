import type { FamilySpec } from "../names.ts";
import { boundText, VALUE_BYTES } from "./sample-text.ts";

const FIELD = `${" ".repeat(VALUE_BYTES)}\n`;

/**
 * Where the lines and value fields of one label set (its block) stand. The lines differ only in constant text around
 * the labels, so that every position follows from the length of the labels' text.
 */
export class Layout {
  readonly header: Buffer;
  /** Lines, and so time series, of one label set. */
  readonly lines: number;
  readonly #before: string[] = [];
  readonly #after: string[] = [];
  /** Where each line ends if the labels' text were empty. */
  readonly #ends: number[] = [];

  constructor(name: string, spec: FamilySpec) {
    this.header = Buffer.from(`# HELP ${name} ${spec.help}\n# TYPE ${name} ${spec.type}\n`);
    if (spec.type === "histogram") {
      for (const bound of [...spec.buckets, Number.POSITIVE_INFINITY]) {
        this.#line(`${name}_bucket{`, `,le="${boundText(bound)}"} `);
      }
      this.#line(`${name}_sum{`, "} ");
      this.#line(`${name}_count{`, "} ");
    } else {
      this.#line(`${name}{`, "} ");
    }
    this.lines = this.#ends.length;
  }

  block(labels: string): string {
    let text = "";
    for (let line = 0; line < this.lines; line++) text += this.#before[line]! + labels + this.#after[line]! + FIELD;
    return text;
  }

  blockBytes(labelBytes: number): number {
    return this.#ends[this.lines - 1]! + this.lines * labelBytes;
  }

  /** Offset of a line's value field from the block's start. */
  field(line: number, labelBytes: number): number {
    return this.#ends[line]! + (line + 1) * labelBytes - FIELD.length;
  }

  #line(before: string, after: string): void {
    this.#before.push(before);
    this.#after.push(after);
    this.#ends.push((this.#ends.at(-1) ?? 0) + before.length + after.length + FIELD.length);
  }
}
