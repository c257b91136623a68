const SMALLEST = 16;

/**
 * Tuples of `width` 32-bit integers → a number below 2^32 - 1. A hash table with open addressing in one typed array: a
 * tenth of the memory of a Map with a string for each key.
 */
export class TupleIndex {
  readonly #width: number;
  readonly #stride: number;
  /** Per cell the tuple and the number + 1; 0 there is an empty cell. */
  #cells: Uint32Array;
  #mask = SMALLEST - 1;
  #size = 0;

  constructor(width: number) {
    this.#width = width;
    this.#stride = width + 1;
    this.#cells = new Uint32Array(SMALLEST * this.#stride);
  }

  get size(): number {
    return this.#size;
  }

  /** -1 where there is none. */
  get(tuple: Uint32Array): number {
    return this.#cells[this.#find(tuple) * this.#stride + this.#width]! - 1;
  }

  set(tuple: Uint32Array, number: number): void {
    let cell = this.#find(tuple);
    if (this.#empty(cell)) {
      if (++this.#size * 5 > (this.#mask + 1) * 3) {
        this.#grow();
        cell = this.#find(tuple);
      }
      this.#cells.set(tuple.subarray(0, this.#width), cell * this.#stride);
    }
    this.#cells[cell * this.#stride + this.#width] = number + 1;
  }

  delete(tuple: Uint32Array): void {
    let hole = this.#find(tuple);
    if (this.#empty(hole)) return;
    // Cells behind the hole move up, unless that would put them before the cell at which their search begins.
    for (let cell = this.#next(hole); !this.#empty(cell); cell = this.#next(cell)) {
      const home = this.#home(this.#cells, cell * this.#stride);
      if (((cell - home) & this.#mask) < ((cell - hole) & this.#mask)) continue;
      this.#cells.copyWithin(hole * this.#stride, cell * this.#stride, (cell + 1) * this.#stride);
      hole = cell;
    }
    this.#cells[hole * this.#stride + this.#width] = 0;
    this.#size--;
  }

  /** Copies of all tuples for which `wanted` returns true; the array passed to it is only valid during the call. */
  filter(wanted: (tuple: Uint32Array, number: number) => boolean): Uint32Array[] {
    const found: Uint32Array[] = [];
    for (let cell = 0; cell <= this.#mask; cell++) {
      if (this.#empty(cell)) continue;
      const start = cell * this.#stride;
      const tuple = this.#cells.subarray(start, start + this.#width);
      if (wanted(tuple, this.#cells[start + this.#width]! - 1)) found.push(tuple.slice());
    }
    return found;
  }

  #empty(cell: number): boolean {
    return this.#cells[cell * this.#stride + this.#width] === 0;
  }

  #next(cell: number): number {
    return (cell + 1) & this.#mask;
  }

  #find(tuple: Uint32Array): number {
    let cell = this.#home(tuple, 0);
    while (!this.#empty(cell) && !this.#equals(cell * this.#stride, tuple)) cell = this.#next(cell);
    return cell;
  }

  #equals(start: number, tuple: Uint32Array): boolean {
    for (let i = 0; i < this.#width; i++) if (this.#cells[start + i] !== tuple[i]) return false;
    return true;
  }

  #home(words: Uint32Array, start: number): number {
    let hash = 0x9e3779b9;
    for (let i = 0; i < this.#width; i++) {
      hash = Math.imul(hash ^ words[start + i]!, 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    return (Math.imul(hash, 0xc2b2ae35) >>> 7) & this.#mask;
  }

  #grow(): void {
    const old = this.#cells;
    this.#mask = this.#mask * 2 + 1;
    this.#cells = new Uint32Array((this.#mask + 1) * this.#stride);
    for (let start = 0; start < old.length; start += this.#stride) {
      if (old[start + this.#width] === 0) continue;
      let cell = this.#home(old, start);
      while (!this.#empty(cell)) cell = this.#next(cell);
      this.#cells.set(old.subarray(start, start + this.#stride), cell * this.#stride);
    }
  }
}
