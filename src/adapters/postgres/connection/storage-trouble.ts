import { StoreError } from "../../../ports.ts";

/** After this long without a word it may be over: nobody may have sent anything since, because the agent was not ready. */
const REMEMBERED_MS = 30_000;

/** The server is out of something (a full disk, memory), or its disk fails. */
const OUT_OF_RESOURCES = /^(53|58)/;
const DISK_FULL = "53100";

/**
 * A server without room still takes a heartbeat, which writes over what is there, while it takes no report. So what becomes of
 * the reports says it: from one that failed by this until one is stored, or for a time.
 */
export class StorageTrouble {
  readonly #now: () => number;
  #last: { sqlstate: string; at: number } | null = null;

  /** `now` in milliseconds, of a clock that nobody sets. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** What became of a transaction; null: it was stored. */
  readonly heard = (error: StoreError | null): void => {
    if (error === null) this.#last = null;
    else if (OUT_OF_RESOURCES.test(error.sqlstate ?? "")) this.#last = { sqlstate: error.sqlstate!, at: this.#now() };
  };

  /** A sentence for whoever asks whether the agent is ready; null: none is known. */
  get why(): string | null {
    if (this.#last === null || this.#now() - this.#last.at > REMEMBERED_MS) return null;
    const what = this.#last.sqlstate === DISK_FULL ? "has a full disk" : `is out of resources (${this.#last.sqlstate})`;
    return `the store ${what}: reports cannot be stored`;
  }
}

/** What a reader of /readyz is told of a heartbeat that failed; null: the store's own words are not for them. */
export function whyNotWritten(error: unknown): string | null {
  return error instanceof StoreError && error.sqlstate === "25006"
    ? "the store is read-only: nothing can be written"
    : null;
}
