const MINUTE = 60_000;

/**
 * A limit of `perMinute`, all of it at once where none were taken for a minute. A caller may overdraw: a request for many is not
 * starved by requests for one, and the debt is paid back before the next.
 */
export class Allowance {
  readonly #perMinute: number;
  #left: number;
  #at: number;

  constructor(perMinute: number, now: number) {
    this.#perMinute = perMinute;
    this.#left = perMinute;
    this.#at = now;
  }

  /** null: taken. Else nothing was taken; the number is the milliseconds until some are available again. */
  take(count: number, now: number): number | null {
    const grown = Math.max(0, now - this.#at) * (this.#perMinute / MINUTE);
    this.#left = Math.min(this.#perMinute, this.#left + grown);
    this.#at = now;
    if (this.#left < 1) return ((1 - this.#left) * MINUTE) / this.#perMinute;
    this.#left -= count;
    return null;
  }
}
