import type { ServerResponse } from "node:http";
import type { EventLog } from "./event-log.ts";

/** Bytes that are handed to a connection at once: what waits in memory for one that does not read. */
const MOST_AT_ONCE = 16_384;

export interface EventListenerOptions {
  raw: ServerResponse;
  log: EventLog;
  /** The pipelines it is told of; null: all. */
  maySee: ((pipeline_name: string) => boolean) | null;
  /** The number of the first event that it is to be given. */
  next: number;
  /** Milliseconds. */
  now: () => number;
}

/** One connection that follows the log, at its own pace: it is given more when it has taken what it was given. */
export class EventListener {
  readonly #raw: ServerResponse;
  readonly #log: EventLog;
  readonly #maySee: EventListenerOptions["maySee"];
  readonly #now: () => number;
  #next: number;
  /** Since when data waits that the connection does not take, milliseconds; null: it takes what it is given. */
  #waitingSince: number | null = null;

  constructor({ raw, log, maySee, next, now }: EventListenerOptions) {
    this.#raw = raw;
    this.#log = log;
    this.#maySee = maySee;
    this.#now = now;
    this.#next = next;
    raw.on("drain", () => {
      this.#waitingSince = null;
      this.send();
    });
  }

  /** The number of the next event that it is to be given. */
  get next(): number {
    return this.#raw.destroyed ? this.#log.end : this.#next;
  }

  /** Gives as much as the connection takes. Whoever fell behind the log is let go: it comes back and reads what stands. */
  send(): void {
    if (this.#next < this.#log.first) this.#raw.destroy();
    while (!this.#raw.destroyed && !this.#raw.writableNeedDrain && this.#next < this.#log.end) {
      const texts = this.#texts();
      if (texts.length > 0) this.#write(texts.length === 1 ? texts[0]! : Buffer.concat(texts));
    }
    if (this.#raw.writableNeedDrain) this.#waitingSince ??= this.#now();
  }

  /** Says that the agent is there, where nothing else waits to be said. */
  say(text: string): void {
    if (!this.#raw.destroyed && !this.#raw.writableNeedDrain) this.#write(text);
  }

  /** Lets go of a connection on which data has waited for longer than `most` milliseconds. */
  letGoIfSlow(most: number): void {
    if (this.#waitingSince !== null && this.#now() - this.#waitingSince > most) this.#raw.destroy();
  }

  letGo(): void {
    this.#raw.destroy();
  }

  /** Ends in order, with a last word. */
  end(text: string): void {
    this.#raw.end(text);
  }

  #write(data: string | Buffer): void {
    if (!this.#raw.write(data)) this.#waitingSince ??= this.#now();
  }

  #texts(): Buffer[] {
    const texts: Buffer[] = [];
    let bytes = 0;
    while (this.#next < this.#log.end && bytes < MOST_AT_ONCE) {
      const { pipeline_name, text } = this.#log.at(this.#next++);
      if (this.#maySee !== null && !this.#maySee(pipeline_name)) continue;
      texts.push(text);
      bytes += text.length;
    }
    return texts;
  }
}
