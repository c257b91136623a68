import { join } from "../words/key.ts";
import { type RejectedItem, type Rejection, UNREADABLE } from "./rejection.ts";

/** A rejected item as it is stored with its run. Times: milliseconds. */
export interface KeptItem extends RejectedItem {
  /** 0: not stated. */
  attempt: number;
  at: number;
  first_at: number;
  seen: string[];
}

/** Most items that a run keeps by name; further ones are kept as one item a kind. A pipeline keeps as many of runs to come. */
export const MOST_ITEMS = 200;
/** Most ids and contents kept to recognise a repeated item; the oldest are dropped first. */
const MOST_SEEN = 16;

/** The stored items of one run, with those of this commit merged in. */
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

  /** The items of one report; `now`: when it came. */
  addAll({ attempt, at, seen, items }: Rejection, now: number): void {
    for (const item of items) this.add({ ...item, attempt: attempt ?? 0, at: Math.min(at, now), first_at: now, seen });
  }

  /** The latest `at` of an item wins, on a tie the greater text: the order of arrival does not matter. */
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

  /** Bounds the items of a run: past the limit a flood of names becomes one item a kind. */
  #placed(item: KeptItem): KeptItem {
    if (this.#items.size < MOST_ITEMS || this.#items.has(keyOf(item))) return { ...item };
    return { ...item, item: UNREADABLE, attempt: 0 };
  }
}

function textOf({ code, why }: KeptItem): string {
  return `${code} ${why}`;
}

function keyOf({ attempt, kind, item }: KeptItem): string {
  return join(attempt, kind, item);
}
