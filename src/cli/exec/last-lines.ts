import { stripVTControlCharacters } from "node:util";

/** Enough for a stack trace; a report's error is cut to 8 KiB anyway. */
const MOST_BYTES = 4096;
const MOST_LINES = 30;

/** Remembers the end of what passes through. Holds never more than twice what it answers. */
export class LastLines {
  #chunks: Buffer[] = [];
  #bytes = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk.length > MOST_BYTES ? chunk.subarray(-MOST_BYTES) : chunk);
    this.#bytes += this.#chunks.at(-1)!.length;
    if (this.#bytes <= 2 * MOST_BYTES && this.#chunks.length < 1000) return;
    const kept = Buffer.concat(this.#chunks).subarray(-MOST_BYTES);
    this.#chunks = [kept];
    this.#bytes = kept.length;
  }

  /** Whole lines, without colours; of a progress bar that redraws its line the last state. */
  get text(): string {
    const all = Buffer.concat(this.#chunks);
    const tail = all.subarray(-MOST_BYTES).toString("utf8");
    const whole = all.length > MOST_BYTES ? tail.slice(tail.indexOf("\n") + 1) : tail;
    return stripVTControlCharacters(whole)
      .trimEnd()
      .split("\n")
      .slice(-MOST_LINES)
      .map((line) => line.replace(/\r$/, "").replace(/^.*\r/, ""))
      .join("\n");
  }
}
