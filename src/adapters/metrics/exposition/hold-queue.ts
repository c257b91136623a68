interface Entry {
  release_at: number;
  family: { release(series: number, releaseAt: number): void };
  series: number;
}

/**
 * The series under their birth hold, first out first. Births arrive in order while the agent runs, but in any order at
 * a restore, hence a binary heap. Removed series stay in the queue until their time; their family tells that they are gone.
 */
export class HoldQueue {
  readonly #heap: Entry[] = [];

  push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.release_at <= entry.release_at) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Releases every series whose time has come. */
  release(now: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.release_at <= now; first = this.#heap[0]) {
      this.#removeFirst();
      first.family.release(first.series, first.release_at);
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.release_at < heap[child]!.release_at) child++;
      if (heap[child]!.release_at >= last.release_at) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
