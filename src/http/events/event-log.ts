/** One event as it goes over the wire, made once for all who listen. */
export interface LoggedEvent {
  pipeline_name: string;
  text: Buffer;
}

export interface EventLogBounds {
  /** Bytes of all events: past it the oldest leave, and who was not given them has fallen behind. */
  most: number;
  /** Bytes of events that everybody was given: they stay for who comes back. */
  kept: number;
}

/**
 * The last events. Each goes by a number that only grows; a listener remembers the number of the next one. Numbers without
 * a gap are events without a gap.
 */
export class EventLog {
  readonly #bounds: EventLogBounds;
  #events: LoggedEvent[] = [];
  #first = 1;
  #bytes = 0;

  constructor(bounds: EventLogBounds) {
    this.#bounds = bounds;
  }

  /** The number of the oldest event that is still there. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next event will have. */
  get end(): number {
    return this.#first + this.#events.length;
  }

  at(number: number): LoggedEvent {
    return this.#events[number - this.#first]!;
  }

  append(event: LoggedEvent): void {
    this.#events.push(event);
    this.#bytes += event.text.length;
    let over = 0;
    // Never the newest: an event larger than the log is still given to those who keep up.
    for (let bytes = this.#bytes; bytes > this.#bounds.most && over < this.#events.length - 1; over++) {
      bytes -= this.#events[over]!.text.length;
    }
    this.#dropOldest(over);
  }

  /** Everybody was given the events before this number. */
  given(number: number): void {
    const most = Math.min(number, this.end) - this.#first;
    let over = 0;
    for (let bytes = this.#bytes; bytes > this.#bounds.kept && over < most; over++) {
      bytes -= this.#events[over]!.text.length;
    }
    this.#dropOldest(over);
  }

  /** Events were not logged: nobody can go on from those before, so that one number is left out. */
  startAnew(): void {
    this.#dropOldest(this.#events.length);
    this.#first++;
  }

  #dropOldest(count: number): void {
    if (count <= 0) return;
    for (const { text } of this.#events.splice(0, count)) this.#bytes -= text.length;
    this.#first += count;
  }
}
