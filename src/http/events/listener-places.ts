import { SluiceError } from "../../errors.ts";

export interface ListenerLimits {
  /** Of one API key, or of one address where there are no keys. */
  per_key: number;
  all: number;
}

/** Seconds after which a place may have come free. */
const RETRY_AFTER = 10;

/** Who follows the events, counted: a connection costs memory for as long as its other end likes. */
export class ListenerPlaces {
  readonly #limits: ListenerLimits;
  readonly #taken = new Map<string, number>();
  #all = 0;

  constructor(limits: ListenerLimits) {
    this.#limits = limits;
  }

  /** Answers how to give the place back. Throws `too_many_listeners` where there is none. */
  take(key: string): () => void {
    const own = this.#taken.get(key) ?? 0;
    const { per_key, all } = this.#limits;
    if (own >= per_key) throw tooMany(`${per_key} of one API key or address`);
    if (this.#all >= all) throw tooMany(`${all}`);
    this.#taken.set(key, own + 1);
    this.#all++;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#all--;
      const left = this.#taken.get(key)! - 1;
      if (left === 0) this.#taken.delete(key);
      else this.#taken.set(key, left);
    };
  }
}

function tooMany(most: string): SluiceError {
  return new SluiceError("too_many_listeners", `at most ${most} may follow the events at a time; try again later`, {
    retry_after: RETRY_AFTER,
  });
}
