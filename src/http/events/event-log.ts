/** One event as it goes over the wire, made once for all who listen. */
export interface LoggedEvent {
  pipeline_name: string;
  text: Buffer;
}

/**
 * The events that some listener has not been given yet. Each goes by a number that only grows; a listener remembers the number
 * of the next one. Bounded in bytes: past that the oldest leave, and who was not given them has fallen behind.
 */
export class EventLog {
  readonly #mostBytes: number;
  #events: LoggedEvent[] = [];
  #first = 0;
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The number of the oldest event that is still there. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next event will have. */
  get end(): number {
    return this.#first + this.#events.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  at(number: number): LoggedEvent {
    return this.#events[number - this.#first]!;
  }

  append(event: LoggedEvent): void {
    this.#events.push(event);
    this.#bytes += event.text.length;
    let over = 0;
    // Never the newest: an event larger than the log is still given to those who keep up.
    for (let bytes = this.#bytes; bytes > this.#mostBytes && over < this.#events.length - 1; over++) {
      bytes -= this.#events[over]!.text.length;
    }
    this.#dropOldest(over);
  }

  /** Nobody will ask for events before this number any more. */
  forgetBefore(number: number): void {
    this.#dropOldest(Math.min(number, this.end) - this.#first);
  }

  #dropOldest(count: number): void {
    if (count <= 0) return;
    for (const { text } of this.#events.splice(0, count)) this.#bytes -= text.length;
    this.#first += count;
  }
}
