import { SILENT_AFTER_MS } from "./agent-rows.ts";

/** Heartbeats further apart than this say that the database was away, or this agent: others may have had no way to be heard. */
const GAP_MS = SILENT_AFTER_MS / 2;

/** When this agent's own heartbeats came through. */
export class OwnHeartbeats {
  readonly #now: () => number;
  #last = Number.NEGATIVE_INFINITY;
  #steady_since = Number.NEGATIVE_INFINITY;

  /** Milliseconds that only grow. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** One that was begun at that time came through. */
  came(asked: number): void {
    this.#last = asked;
  }

  /** One that was begun at that time reached the database: a gap before it is over. */
  reached(asked: number): void {
    if (asked - this.#last > GAP_MS) this.#steady_since = asked;
  }

  /** Milliseconds since the last one. */
  get age(): number {
    return this.#now() - this.#last;
  }

  /** The others may have given this agent up. */
  get lapsed(): boolean {
    return this.age > SILENT_AFTER_MS;
  }

  /**
   * Whether this agent may say of another that it is silent. After the database was away nobody has been heard for long: who is silent
   * then is known when this agent has been there for as long itself.
   */
  get judge(): boolean {
    return this.#now() - this.#steady_since >= SILENT_AFTER_MS;
  }
}
