/**
 * The ids of events: the life of the feed that tells them, and the event's number in it. Another agent, or this one started again,
 * has another life, so that nobody takes its numbers for these.
 */
export class EventIds {
  readonly #life: string;

  /** `life`: letters and digits, different for each feed. */
  constructor(life: string) {
    this.#life = life;
  }

  of(number: number): string {
    return `${this.#life}-${number}`;
  }

  /** The number of the event that is named so; null: it is none of this life. */
  numberOf(id: string): number | null {
    const [, life, number] = /^([a-z0-9]+)-(\d{1,15})$/.exec(id) ?? [];
    return life === this.#life ? Number(number) : null;
  }
}
