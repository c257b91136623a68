/** Strings as small integers, so that each label value is kept once however many series carry it. Uses are counted. */
export class Interner {
  readonly #ids = new Map<string, number>();
  readonly #strings: (string | undefined)[] = [];
  readonly #uses: number[] = [];
  readonly #free: number[] = [];

  /** -1 where the string is not in use. */
  find(string: string): number {
    return this.#ids.get(string) ?? -1;
  }

  /** Of an id that is in use. */
  string(id: number): string {
    return this.#strings[id]!;
  }

  acquire(string: string): number {
    let id = this.#ids.get(string);
    if (id === undefined) {
      id = this.#free.pop() ?? this.#strings.length;
      this.#ids.set(string, id);
      this.#strings[id] = string;
      this.#uses[id] = 0;
    }
    this.#uses[id]!++;
    return id;
  }

  /** After the release of its last use the id is given to another string. */
  release(id: number): void {
    if (--this.#uses[id]! > 0) return;
    this.#ids.delete(this.#strings[id]!);
    this.#strings[id] = undefined;
    this.#free.push(id);
  }
}
