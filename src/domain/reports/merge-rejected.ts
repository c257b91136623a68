import { type RejectedItem, UNREADABLE } from "./rejection.ts";

/** A rejected item as it is kept with its run. Times: milliseconds. */
export interface KeptItem extends RejectedItem {
  /** 0: not said. */
  attempt: number;
  at: number;
  first_at: number;
  seen: string[];
}

/** Items a run keeps by name; what comes beyond them is kept as one of its kind. */
export const MOST_ITEMS = 200;
/** Ids and contents an item is known by; the oldest go first. */
const MOST_SEEN = 16;

/** The items of one run, as they were kept and as more of them come. */
export class RejectedItems {
  readonly #items = new Map<string, KeptItem>();
  readonly #changed = new Set<KeptItem>();

  constructor(kept: Iterable<KeptItem>) {
    for (const item of kept) this.#items.set(keyOf(item), item);
  }

  /** Those that are to be saved. */
  changed(): KeptItem[] {
    return [...this.#changed];
  }

  /** Of one item the latest `at` speaks, on a tie the greater text, so that the order of arrival does not matter. */
  add(came: KeptItem): void {
    const item = this.#placed(came);
    const known = this.#items.get(keyOf(item));
    if (known === undefined) {
      this.#items.set(keyOf(item), item);
      this.#changed.add(item);
      return;
    }
    if (item.seen.some((hash) => known.seen.includes(hash))) return;
    if (item.at > known.at || (item.at === known.at && textOf(item) > textOf(known))) {
      known.at = item.at;
      known.code = item.code;
      known.why = item.why;
    }
    known.first_at = Math.min(known.first_at, item.first_at);
    known.seen = [...item.seen, ...known.seen].slice(0, MOST_SEEN);
    this.#changed.add(known);
  }

  /** A run has only so many: a flood of names ends in one item for each kind. */
  #placed(item: KeptItem): KeptItem {
    if (this.#items.size < MOST_ITEMS || this.#items.has(keyOf(item))) return { ...item };
    return { ...item, item: UNREADABLE, attempt: 0 };
  }
}

function textOf({ code, why }: KeptItem): string {
  return `${code} ${why}`;
}

function keyOf({ attempt, kind, item }: KeptItem): string {
  return `${attempt}\u0000${kind}\u0000${item}`;
}
