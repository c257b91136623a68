import type { ServerResponse } from "node:http";
import type { AgentEvent, AgentEvents } from "../../service/after-commit/agent-events.ts";
import { EventIds } from "./event-ids.ts";
import { EventListener } from "./event-listener.ts";
import { EventLog } from "./event-log.ts";

/** Bytes of events: kept for listeners that are behind, and for those that were cut off and come back. */
const LOGGED_BYTES = { most: 16 * 1_048_576, kept: 4 * 1_048_576 };
/** When nobody listens any more, events are kept for so long for who was cut off. */
const LINGER_MS = 60_000;
/** Bytes that are written between two turns of the event loop, so that connections can send what they were given. */
const BYTES_A_TURN = 16_384;
/** Events that may wait to be written: past it all are let go, and come back to read what stands. */
const MOST_QUEUED = 200_000;
/** Proxies close connections on which nothing is said. */
const HEARTBEAT_MS = 15_000;
const LOOK_AFTER_SLOW_MS = 1000;
/** After which an EventSource comes back: after a break of any kind, and when the agent has stopped, since another one may answer. */
const RETRY_MS = 1000;
const RETRY_AFTER_STOP_MS = 250;

const MISSED = JSON.stringify({ reason: "what came after your last event is not known here: read the lists again" });

export interface EventFeedOptions {
  agentEvents: AgentEvents;
  /** What is told of an event; a gate's is read when its turn comes. */
  dataOf: (event: AgentEvent) => object | Promise<object>;
  /** Milliseconds that data may wait for a listener to take it. */
  timeout: number;
  now: () => number;
  /** Letters and digits that no other feed has, of any agent. */
  life: string;
}

export interface ListenerOptions {
  /** The pipelines it is told of; null: all. */
  maySee: ((pipeline_name: string) => boolean) | null;
  /** The id of the last event that it was told, by this agent or another; null: it has just come. */
  lastEventId: string | null;
  /** Called once, when the connection is closed by either side. */
  onGone: () => void;
}

/**
 * Tells listeners what was committed, one event after the other: no older word about a gate comes after a newer one. Each
 * event is written once, whoever listens. Who comes back is told what it missed where that is still known, else to read the lists.
 */
export class EventFeed {
  readonly #options: EventFeedOptions;
  readonly #listeners = new Set<EventListener>();
  readonly #log = new EventLog(LOGGED_BYTES);
  readonly #ids: EventIds;
  #queue: AgentEvent[] = [];
  /** Pipelines whose gate waits to be read: it is read once, as it stands then. */
  readonly #queuedGates = new Set<string>();
  #working = false;
  #stopListening: (() => void) | null = null;
  #timers: NodeJS.Timeout[] = [];
  #lingering: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: EventFeedOptions) {
    this.#options = options;
    this.#ids = new EventIds(options.life);
  }

  add(raw: ServerResponse, { maySee, lastEventId, onGone }: ListenerOptions): void {
    if (raw.destroyed) {
      onGone();
      return;
    }
    const from = lastEventId === null ? null : this.#after(lastEventId);
    const next = from ?? this.#log.end;
    const listener = new EventListener({ raw, log: this.#log, maySee, next, now: this.#options.now });
    this.#listeners.add(listener);
    clearTimeout(this.#lingering);
    if (this.#stopListening === null) this.#open();
    raw.once("close", () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#closeSoon();
      onGone();
    });
    listener.say(`: connected\nretry: ${RETRY_MS}\n${this.#idBefore(next)}\n`);
    if (lastEventId !== null && from === null) listener.say(`event: reset\ndata: ${MISSED}\n\n`);
    listener.send();
  }

  stop(): void {
    this.#stopped = true;
    for (const listener of this.#listeners) listener.end(`retry: ${RETRY_AFTER_STOP_MS}\n\n`);
    this.#closeSoon();
  }

  /** The number of the event after this one; null where it is not known what came after it. */
  #after(id: string): number | null {
    const number = this.#ids.numberOf(id);
    if (number === null || this.#stopListening === null) return null;
    const next = number + 1;
    return next >= this.#log.first && next <= this.#log.end ? next : null;
  }

  /** The line that says up to where all was told, so that who is told little is not behind when it comes back. */
  #idBefore(next: number): string {
    return `id: ${this.#ids.of(next - 1)}\n`;
  }

  #open(): void {
    this.#stopListening = this.#options.agentEvents.listen((event) => this.#take(event));
    const each = (tell: (listener: EventListener) => void) => () => this.#listeners.forEach(tell);
    this.#timers = [
      setInterval(
        each((listener) => listener.say(`: still here\n${this.#idBefore(listener.next)}\n`)),
        HEARTBEAT_MS,
      ),
      setInterval(
        each((listener) => listener.letGoIfSlow(this.#options.timeout)),
        LOOK_AFTER_SLOW_MS,
      ),
    ];
  }

  #closeSoon(): void {
    clearTimeout(this.#lingering);
    if (this.#stopped) this.#close();
    else this.#lingering = setTimeout(() => this.#close(), LINGER_MS).unref();
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
      const id = this.#ids.of(this.#log.end);
      const text = Buffer.from(`id: ${id}\nevent: ${event.event}\ndata: ${JSON.stringify(data)}\n\n`);
      this.#log.append({ pipeline_name: event.pipeline_name, text });
      bytes += text.length;
    }
    queue.splice(0, taken);
  }

  #forgetGiven(): void {
    let next = this.#log.end;
    for (const listener of this.#listeners) next = Math.min(next, listener.next);
    this.#log.given(next);
  }

  #letAllGo(): void {
    this.#forgetAll();
    for (const listener of this.#listeners) listener.letGo();
  }

  #forgetAll(): void {
    this.#queue = [];
    this.#queuedGates.clear();
    this.#log.startAnew();
  }
}
