import { SluiceError } from "../../errors.ts";

const MINUTE = 60_000;

/**
 * Requests a minute of each address that ask for no key, or bring a wrong one. A limit of its own, so that whoever is over the
 * one of a key can still be seen to be healthy. Counted in whole minutes, without a promise: it is on the way of each scrape.
 */
export class KeylessRate {
  readonly #most: number;
  readonly #now: () => number;
  readonly #counts = new Map<string, number>();
  #minute = 0;

  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  count(share: string): void {
    const now = this.#now();
    const minute = Math.floor(now / MINUTE);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#counts.clear();
    }
    const count = (this.#counts.get(share) ?? 0) + 1;
    this.#counts.set(share, count);
    if (count <= this.#most) return;
    throw new SluiceError(
      "rate_limited",
      `more than ${this.#most} requests a minute from this address without a valid API key; send it again later`,
      { retry_after: Math.ceil(((minute + 1) * MINUTE - now) / 1000) },
    );
  }
}
