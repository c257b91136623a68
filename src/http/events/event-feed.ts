import type { ServerResponse } from "node:http";
import type { AgentEvent, AgentEvents } from "../../service/after-commit/agent-events.ts";
import { EventListener } from "./event-listener.ts";
import { EventLog } from "./event-log.ts";

/** Bytes of events that are kept for listeners that are behind. */
const MOST_LOGGED_BYTES = 16 * 1_048_576;
/** Bytes that are written between two turns of the event loop, so that connections can send what they were given. */
const BYTES_A_TURN = 16_384;
/** Events that may wait to be written: past it all are let go, and come back to read what stands. */
const MOST_QUEUED = 200_000;
/** Proxies close connections on which nothing is said. */
const HEARTBEAT_MS = 15_000;
const LOOK_AFTER_SLOW_MS = 1000;

export interface EventFeedOptions {
  agentEvents: AgentEvents;
  /** What is told of an event; a gate's is read when its turn comes. */
  dataOf: (event: AgentEvent) => object | Promise<object>;
  /** Milliseconds that data may wait for a listener to take it. */
  timeout: number;
  now: () => number;
}

/**
 * Tells listeners what was committed, one event after the other: no older word about a gate comes after a newer one. Each
 * event is written once, whoever listens.
 */
export class EventFeed {
  readonly #options: EventFeedOptions;
  readonly #listeners = new Set<EventListener>();
  readonly #log = new EventLog(MOST_LOGGED_BYTES);
  #queue: AgentEvent[] = [];
  /** Pipelines whose gate waits to be read: it is read once, as it stands then. */
  readonly #queuedGates = new Set<string>();
  #working = false;
  #stopListening: (() => void) | null = null;
  #timers: NodeJS.Timeout[] = [];

  constructor(options: EventFeedOptions) {
    this.#options = options;
  }

  /** Bytes of events that some listener has not been given yet. */
  get logged_bytes(): number {
    return this.#log.bytes;
  }

  /** `onGone` is called once, when the connection is closed by either side. */
  add(raw: ServerResponse, maySee: ((pipeline_name: string) => boolean) | null, onGone: () => void): void {
    if (raw.destroyed) {
      onGone();
      return;
    }
    const listener = new EventListener({ raw, log: this.#log, maySee, now: this.#options.now });
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#open();
    raw.once("close", () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#close();
      onGone();
    });
    listener.say(": connected\n\n");
  }

  stop(): void {
    for (const listener of this.#listeners) listener.end();
  }

  #open(): void {
    this.#stopListening = this.#options.agentEvents.listen((event) => this.#take(event));
    const each = (tell: (listener: EventListener) => void) => () => this.#listeners.forEach(tell);
    this.#timers = [
      setInterval(
        each((listener) => listener.say(": still here\n\n")),
        HEARTBEAT_MS,
      ),
      setInterval(
        each((listener) => listener.letGoIfSlow(this.#options.timeout)),
        LOOK_AFTER_SLOW_MS,
      ),
    ];
  }

  #close(): void {
    this.#stopListening?.();
    this.#stopListening = null;
    for (const timer of this.#timers) clearInterval(timer);
    this.#forgetAll();
  }

  #take(event: AgentEvent): void {
    if (event.event === "gate") {
      if (this.#queuedGates.has(event.pipeline_name)) return;
      this.#queuedGates.add(event.pipeline_name);
    }
    this.#queue.push(event);
    if (this.#queue.length > MOST_QUEUED) this.#letAllGo();
    // Where the store is away nobody knows what a gate says: whoever listens comes back and reads it.
    else if (!this.#working) this.#work().catch(() => this.#letAllGo());
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      while (this.#queue.length > 0) {
        await this.#writeSome();
        for (const listener of this.#listeners) listener.send();
        this.#forgetGiven();
        await new Promise(setImmediate);
      }
    } finally {
      this.#working = false;
    }
  }

  async #writeSome(): Promise<void> {
    let bytes = 0;
    let taken = 0;
    // What is queued meanwhile goes behind; where all was forgotten meanwhile there is nothing left.
    const queue = this.#queue;
    for (; queue === this.#queue && taken < queue.length && bytes < BYTES_A_TURN; taken++) {
      const event = queue[taken]!;
      if (event.event === "gate") this.#queuedGates.delete(event.pipeline_name);
      const data = await this.#options.dataOf(event);
      const text = Buffer.from(`event: ${event.event}\ndata: ${JSON.stringify(data)}\n\n`);
      this.#log.append({ pipeline_name: event.pipeline_name, text });
      bytes += text.length;
    }
    queue.splice(0, taken);
  }

  #forgetGiven(): void {
    let next = this.#log.end;
    for (const listener of this.#listeners) next = Math.min(next, listener.next);
    this.#log.forgetBefore(next);
  }

  #letAllGo(): void {
    this.#forgetAll();
    for (const listener of this.#listeners) listener.letGo();
  }

  #forgetAll(): void {
    this.#queue = [];
    this.#queuedGates.clear();
    this.#log.forgetBefore(this.#log.end);
  }
}
