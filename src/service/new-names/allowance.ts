const MINUTE = 60_000;

/**
 * So many a minute, and as many at once where none were taken for a minute. What is taken beyond what is left is owed: who
 * asks for many at once is not starved by those who ask for one, and pays it back before the next.
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

  /** Null: taken. Else nothing was taken, and there will be some again after so many milliseconds. */
  take(count: number, now: number): number | null {
    const grown = Math.max(0, now - this.#at) * (this.#perMinute / MINUTE);
    this.#left = Math.min(this.#perMinute, this.#left + grown);
    this.#at = now;
    if (this.#left < 1) return ((1 - this.#left) * MINUTE) / this.#perMinute;
    this.#left -= count;
    return null;
  }
}
