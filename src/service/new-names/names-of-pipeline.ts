import type { NameKind } from "../../domain/commit/kinds/kind.ts";

/** How long, at least, a name that leaves /metrics by itself is counted after its last report, milliseconds. */
const DAY = 86_400_000;
/** Kinds whose gauges leave when they are no longer reported; all others show totals, which stay. */
const LEAVING: ReadonlySet<NameKind> = new Set(["check", "feature"]);

interface Names {
  /** Reported since `since`. */
  current: Set<string>;
  /** Not reported since. */
  before: Set<string>;
  since: number;
}

/** The different names of one pipeline, and the API key that was the first to report of it. */
export class NamesOfPipeline {
  readonly key_name: string;
  readonly #byKind = new Map<NameKind, Names>();

  constructor(key_name: string) {
    this.key_name = key_name;
  }

  has(kind: NameKind, name: string): boolean {
    const names = this.#byKind.get(kind);
    if (names === undefined) return false;
    if (names.current.has(name)) return true;
    if (!names.before.delete(name)) return false;
    names.current.add(name);
    return true;
  }

  /** False: there are already `most` of them. */
  add(kind: NameKind, name: string, most: number, now: number): boolean {
    if (this.has(kind, name)) return true;
    const names = this.#names(kind, now);
    if (names.current.size + names.before.size >= most && LEAVING.has(kind) && now - names.since >= DAY) {
      names.before = names.current;
      names.current = new Set();
      names.since = now;
    }
    if (names.current.size + names.before.size >= most) return false;
    names.current.add(name);
    return true;
  }

  #names(kind: NameKind, now: number): Names {
    let names = this.#byKind.get(kind);
    if (names === undefined) {
      names = { current: new Set(), before: new Set(), since: now };
      this.#byKind.set(kind, names);
    }
    return names;
  }
}
