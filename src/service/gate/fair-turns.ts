interface Waiting {
  begin: () => void;
}

/**
 * Work of which only so much is done at a time. Those who wait are of groups, and the groups take turns, so that a thousand
 * of one group keep nobody else waiting for longer than one of them takes.
 */
export class FairTurns {
  readonly #most: number;
  readonly #groups = new Map<string, Waiting[]>();
  #running = 0;

  constructor(most: number) {
    this.#most = most;
  }

  async take<T>(group: string, work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most) await this.#turn(group);
    else this.#running++;
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  #turn(group: string): Promise<void> {
    return new Promise((begin) => {
      const others = this.#groups.get(group);
      if (others === undefined) this.#groups.set(group, [{ begin }]);
      else others.push({ begin });
    });
  }

  /** Hands the place on, or gives it back. The group that had its turn goes behind the others. */
  #next(): void {
    const [first] = this.#groups;
    if (first === undefined) {
      this.#running--;
      return;
    }
    const [group, waiting] = first;
    const { begin } = waiting.shift()!;
    this.#groups.delete(group);
    if (waiting.length > 0) this.#groups.set(group, waiting);
    begin();
  }
}
