import { globMatcher, literalLength } from "./glob.ts";
import type { GlobMatcher } from "./glob-matcher.ts";

interface Entry extends GlobMatcher {
  index: number;
  /** Number of literal characters. */
  literal: number;
}

/**
 * Matches many globs against many names: exact names are looked up, and only globs whose fixed beginning (or, without one, fixed
 * end) the name has are matched. A glob is named by its position in the list.
 */
export class GlobList {
  readonly #byText = new Map<string, number>();
  readonly #byPrefix = new ByEdge((name, length) => name.slice(0, length));
  readonly #bySuffix = new ByEdge((name, length) => name.slice(name.length - length));

  constructor(globs: readonly string[]) {
    globs.forEach((glob, index) => {
      if (!this.#byText.has(glob)) this.#byText.set(glob, index);
      const matcher = globMatcher(glob);
      const entry = { ...matcher, index, literal: literalLength(glob) };
      if (entry.prefix !== "") this.#byPrefix.add(entry.prefix, entry);
      else this.#bySuffix.add(entry.suffix, entry);
    });
  }

  /** The position of a glob with exactly this text; -1: none. */
  written(text: string): number {
    return this.#byText.get(text) ?? -1;
  }

  /** The greatest work of matching one name against all globs, in steps of about 50 ns. */
  get cost(): number {
    return this.#byPrefix.cost + this.#bySuffix.cost;
  }

  some(name: string): boolean {
    return this.#byPrefix.some(name) || this.#bySuffix.some(name);
  }

  /** The most specific glob that matches: the one with the most literal characters, of several the first; -1: none. */
  best(name: string): number {
    let best: Entry | null = null;
    this.#each(name, (entry) => {
      const ahead = best === null ? 1 : entry.literal - best.literal || best.index - entry.index;
      if (ahead > 0) best = entry;
    });
    return (best as Entry | null)?.index ?? -1;
  }

  /** Calls with each glob that matches, in any order. */
  each(name: string, found: (index: number) => void): void {
    this.#each(name, ({ index }) => found(index));
  }

  #each(name: string, found: (entry: Entry) => void): void {
    this.#byPrefix.each(name, found);
    this.#bySuffix.each(name, found);
  }
}

/** Globs by the literal text at one end. */
class ByEdge {
  readonly #edge: (name: string, length: number) => string;
  readonly #entries = new Map<string, Entry[]>();
  readonly #lengths = new Set<number>();

  constructor(edge: (name: string, length: number) => string) {
    this.#edge = edge;
  }

  add(edge: string, entry: Entry): void {
    this.#lengths.add(edge.length);
    const same = this.#entries.get(edge);
    if (same === undefined) this.#entries.set(edge, [entry]);
    else same.push(entry);
  }

  /** For each length of text one look-up and the cost of the costliest globs that share a text of that length. */
  get cost(): number {
    const costliest = new Map<number, number>();
    for (const [edge, entries] of this.#entries) {
      const together = entries.reduce((sum, { cost }) => sum + cost, 1);
      costliest.set(edge.length, Math.max(together, costliest.get(edge.length) ?? 0));
    }
    return [...costliest.values()].reduce((sum, cost) => sum + cost, 0);
  }

  some(name: string): boolean {
    for (const length of this.#lengths) {
      if (length > name.length) continue;
      if (this.#entries.get(this.#edge(name, length))?.some((entry) => entry.matches(name))) return true;
    }
    return false;
  }

  each(name: string, found: (entry: Entry) => void): void {
    for (const length of this.#lengths) {
      if (length > name.length) continue;
      for (const entry of this.#entries.get(this.#edge(name, length)) ?? []) if (entry.matches(name)) found(entry);
    }
  }
}

const lists = new WeakMap<object, GlobList>();

/** Cached by the list, which must not change, such as one of the configuration. */
export function globListOf<R>(rules: readonly R[], globOf: (rule: R) => string): GlobList {
  let list = lists.get(rules);
  if (list === undefined) {
    list = new GlobList(rules.map(globOf));
    lists.set(rules, list);
  }
  return list;
}

/** Whether one of the globs matches the name. Cached by the list, which must not change. */
export function matchesAny(globs: readonly string[], name: string): boolean {
  return globListOf(globs, (glob) => glob).some(name);
}
