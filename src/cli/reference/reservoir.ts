/**
 * A uniform random sample of what passes by, of at most `size` values: algorithm R (Vitter 1985). The chance is drawn from a
 * fixed seed, so that the same file always gives the same sample, the same edges and so the same version of a reference.
 */
export class Reservoir {
  seen = 0;
  readonly #size: number;
  readonly #random: () => number;
  #values = new Float64Array(1024);

  constructor(size: number, seed = 1) {
    this.#size = size;
    this.#random = mulberry32(seed);
  }

  push(value: number): void {
    const place = this.seen < this.#size ? this.seen : Math.floor(this.#random() * (this.seen + 1));
    this.seen++;
    if (place >= this.#size) return;
    if (place === this.#values.length) {
      const larger = new Float64Array(Math.min(this.#size, 2 * place));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[place] = value;
  }

  /** Everything was kept: what is made of the values is exact. */
  get whole(): boolean {
    return this.seen <= this.#size;
  }

  get values(): Float64Array {
    return this.#values.subarray(0, Math.min(this.seen, this.#size));
  }
}

/** A small generator of numbers from 0 to 1 (Tommy Ettinger's mulberry32, public domain); 2^32 of them before it repeats. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
