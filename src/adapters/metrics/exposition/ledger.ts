import { TupleIndex } from "./tuple-index.ts";

/** Numbers that all ledgers together may still remember. */
export interface Budget {
  left: number;
}

/**
 * The last totals of each label set of a family that found no room: observations are totals, and only their growth may be added
 * to the sum. A label set is known by a 64-bit hash of its values, so that
 * the cost does not depend on the length of names; the chance that any two of a million collide is 3 in 10^8.
 */
export class Ledger {
  /** The sum of the last totals. */
  readonly sums: Float64Array;
  readonly #index = new TupleIndex(2);
  readonly #width: number;
  readonly #budget: Budget;
  readonly #key = new Uint32Array(2);
  #last = new Float64Array(0);

  /** Width 0: remembers only the label sets, without totals. */
  constructor(width: number, budget: Budget) {
    this.sums = new Float64Array(width);
    this.#width = width;
    this.#budget = budget;
  }

  has(labels: readonly string[]): boolean {
    return this.#index.size > 0 && this.#index.get(this.#hash(labels)) >= 0;
  }

  /** False: there is no room for it here either, and it never enters the sums. */
  add(labels: readonly string[]): boolean {
    if (this.#budget.left < this.#width + 1) return false;
    this.#budget.left -= this.#width + 1;
    const end = (this.#index.size + 1) * this.#width;
    if (end > this.#last.length) {
      const grown = new Float64Array(end * 2);
      grown.set(this.#last);
      this.#last = grown;
    }
    this.#index.set(this.#hash(labels), this.#index.size);
    return true;
  }

  /** Adds what the totals of a label set have grown by since they were last given. */
  fold(labels: readonly string[], totals: Float64Array): void {
    const first = this.#index.get(this.#hash(labels)) * this.#width;
    for (let i = 0; i < this.#width; i++) {
      this.sums[i]! += totals[i]! - this.#last[first + i]!;
      this.#last[first + i] = totals[i]!;
    }
  }

  #hash(labels: readonly string[]): Uint32Array {
    let a = 0xdeadbeef;
    let b = 0x41c6ce57;
    for (const label of labels) {
      for (let i = 0; i < label.length; i++) {
        const unit = label.charCodeAt(i);
        a = Math.imul(a ^ unit, 2654435761);
        b = Math.imul(b ^ unit, 1597334677);
      }
      // A separator that no label holds: it tells ("a", "bc") and ("ab", "c") apart.
      a = Math.imul(a ^ 0x10000, 2654435761);
      b = Math.imul(b ^ 0x10000, 1597334677);
    }
    this.#key[0] = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    this.#key[1] = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return this.#key;
  }
}
