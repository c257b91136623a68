import type { Layout } from "./layout.ts";
import { writeValue } from "./sample-text.ts";

/** Lines of a full segment, about 50 KiB of text: what a scrape copies without a pause. */
const LINES = 512;
const FEWEST_SLOTS = 16;
const FREE = 0xffff_ffff;
const BLANK = 0x20;
const NEWLINE = 0x0a;

export function slotsOf(layout: Layout): number {
  return Math.max(FEWEST_SLOTS, Math.floor(LINES / layout.lines));
}

/**
 * Some label sets of one family, their text ready in one Buffer. A slot is a label set's number in here; its block of
 * lines is contiguous, so that a copy of the text has all lines of a histogram from one moment. A changed value
 * is only marked: most change several times between two scrapes.
 */
export class Segment {
  readonly #layout: Layout;
  #text = Buffer.alloc(0);
  #used = 0;
  #wasted = 0;
  readonly #values: Float64Array;
  readonly #starts: Uint32Array;
  readonly #labelBytes: Uint32Array;
  /** When the birth hold ends; 0 = not held. */
  readonly #releaseAt: Float64Array;
  readonly #isChanged: Uint8Array;
  readonly #changed: Uint16Array;
  #changes = 0;
  readonly #free: number[] = [];
  #next = 0;

  constructor(layout: Layout) {
    const slots = slotsOf(layout);
    this.#layout = layout;
    this.#values = new Float64Array(slots * layout.lines);
    this.#starts = new Uint32Array(slots).fill(FREE);
    this.#labelBytes = new Uint32Array(slots);
    this.#releaseAt = new Float64Array(slots);
    this.#isChanged = new Uint8Array(slots);
    this.#changed = new Uint16Array(slots);
  }

  get full(): boolean {
    return this.#free.length === 0 && this.#next === this.#starts.length;
  }

  /** A new label set with all values 0. */
  add(labels: string, releaseAt: number): number {
    const slot = this.#free.pop() ?? this.#next++;
    const labelBytes = Buffer.byteLength(labels);
    const bytes = this.#layout.blockBytes(labelBytes);
    if (this.#used + bytes > this.#text.length) this.#rebuild((this.#used - this.#wasted + bytes) * 2);
    this.#text.write(this.#layout.block(labels), this.#used);
    this.#starts[slot] = this.#used;
    this.#used += bytes;
    this.#labelBytes[slot] = labelBytes;
    this.#releaseAt[slot] = releaseAt;
    this.#values.fill(0, slot * this.#layout.lines, (slot + 1) * this.#layout.lines);
    this.#mark(slot);
    if (this.full) this.#rebuild(this.#used - this.#wasted);
    return slot;
  }

  remove(slot: number): void {
    const start = this.#starts[slot]!;
    const end = start + this.#layout.blockBytes(this.#labelBytes[slot]!);
    this.#starts[slot] = FREE;
    this.#releaseAt[slot] = 0;
    this.#free.push(slot);
    // A blank line, which every parser skips.
    this.#text.fill(BLANK, start, end - 1);
    this.#text[end - 1] = NEWLINE;
    this.#wasted += end - start;
    if (this.#wasted * 2 > this.#used) this.#rebuild(this.#used - this.#wasted);
  }

  set(slot: number, values: Float64Array): void {
    const { lines } = this.#layout;
    const first = slot * lines;
    let differs = false;
    for (let line = 0; line < lines; line++) {
      const value = values[line]!;
      if (Object.is(this.#values[first + line], value)) continue;
      this.#values[first + line] = value;
      differs = true;
    }
    if (differs) this.#mark(slot);
  }

  /** A counter's value, a histogram's count. */
  total(slot: number): number {
    return this.#values[(slot + 1) * this.#layout.lines - 1]!;
  }

  releaseAt(slot: number): number {
    return this.#releaseAt[slot]!;
  }

  release(slot: number): void {
    this.#releaseAt[slot] = 0;
    this.#mark(slot);
  }

  /** The text as of now; only valid until the next change, so copy it. */
  current(): Buffer {
    for (let i = 0; i < this.#changes; i++) {
      const slot = this.#changed[i]!;
      this.#isChanged[slot] = 0;
      if (this.#starts[slot] !== FREE) this.#write(slot);
    }
    this.#changes = 0;
    return this.#text.subarray(0, this.#used);
  }

  #mark(slot: number): void {
    if (this.#isChanged[slot]) return;
    this.#isChanged[slot] = 1;
    this.#changed[this.#changes++] = slot;
  }

  #write(slot: number): void {
    const { lines } = this.#layout;
    const start = this.#starts[slot]!;
    const labelBytes = this.#labelBytes[slot]!;
    const held = this.#releaseAt[slot] !== 0;
    for (let line = 0; line < lines; line++) {
      const value = held ? 0 : this.#values[slot * lines + line]!;
      writeValue(this.#text, start + this.#layout.field(line, labelBytes), value);
    }
  }

  /** Moves the blocks that are in use into a new Buffer, without the holes. */
  #rebuild(bytes: number): void {
    const text = Buffer.allocUnsafeSlow(bytes);
    let used = 0;
    for (let slot = 0; slot < this.#next; slot++) {
      const start = this.#starts[slot]!;
      if (start === FREE) continue;
      const length = this.#layout.blockBytes(this.#labelBytes[slot]!);
      this.#text.copy(text, used, start, start + length);
      this.#starts[slot] = used;
      used += length;
    }
    this.#text = text;
    this.#used = used;
    this.#wasted = 0;
  }
}
