import type { LostItemBody } from "../report/wire.ts";
import { listed } from "./listed.ts";
import { type LostOfRun, lostOfLine, lostOfReport, type RunKey } from "./lost-of-line.ts";

/** Runs with losses that are remembered; of more than these the oldest are forgotten. */
const MOST_RUNS = 1000;
/** Of one run; more are counted. */
const MOST_ITEMS = 200;

interface OfRun {
  /** By kind and item: the same thing is lost once. */
  items: Map<string, LostItemBody>;
  /** What the client refused by itself: a later good report of the same item takes its place. */
  refused: Set<string>;
  /** Beyond MOST_ITEMS. */
  more: number;
}

/**
 * Evidence that did not and will not reach the agent, by run, until a terminal report of that run says so. It lives with the
 * process: what one process drops, a terminal report of another cannot say.
 */
export class Losses {
  readonly #ofRun = new Map<string, OfRun>();
  /** Runs whose end this client will report. */
  readonly #open = new Map<string, number>();

  get isEmpty(): boolean {
    return this.#ofRun.size === 0;
  }

  /** A run whose terminal report will come from here; returns how to say that it has come. */
  begin(of: RunKey): () => void {
    const key = keyOf(of);
    this.#open.set(key, (this.#open.get(key) ?? 0) + 1);
    let done = false;
    return () => {
      if (done) return;
      done = true;
      const left = (this.#open.get(key) ?? 1) - 1;
      if (left > 0) this.#open.set(key, left);
      else this.#open.delete(key);
    };
  }

  isOpen(of: RunKey): boolean {
    return this.#open.has(keyOf(of));
  }

  note(of: RunKey, item: LostItemBody, { refused = false } = {}): void {
    const entry = this.#entry(keyOf(of));
    const key = `${item.kind}\n${item.item}`;
    if (entry.items.has(key)) return;
    if (entry.items.size >= MOST_ITEMS) {
      entry.more++;
      return;
    }
    entry.items.set(key, item);
    if (refused) entry.refused.add(key);
  }

  /** A line that waited is dropped. */
  noteLine(line: string, why: string): void {
    this.#noteAll(lostOfLine(line, why));
  }

  /** A report that never became a line. */
  noteReport(report: object, why: string): void {
    this.#noteAll(lostOfReport(report, why));
  }

  #noteAll(lost: LostOfRun | null): void {
    for (const item of lost?.items ?? []) this.note(lost!.of, item);
  }

  /** A good report of the item was made: what the client refused of it before is past. */
  replaced(of: RunKey, kind: string, item: string): void {
    const key = keyOf(of);
    const entry = this.#ofRun.get(key);
    if (entry === undefined) return;
    for (const one of [`${kind}\n${item}`, `${kind}\n?`]) {
      if (entry.refused.delete(one)) entry.items.delete(one);
    }
    if (entry.items.size === 0) this.#ofRun.delete(key);
  }

  /** What a terminal report of the run has to say, once; undefined where nothing was lost. */
  take(of: RunKey): LostItemBody[] | undefined {
    const key = keyOf(of);
    const entry = this.#ofRun.get(key);
    if (entry === undefined) return undefined;
    this.#ofRun.delete(key);
    return listed([...entry.items.values()], entry.more);
  }

  #entry(key: string): OfRun {
    let entry = this.#ofRun.get(key);
    if (entry === undefined) {
      entry = { items: new Map(), refused: new Set(), more: 0 };
      this.#ofRun.set(key, entry);
      if (this.#ofRun.size > MOST_RUNS) this.#ofRun.delete(this.#ofRun.keys().next().value as string);
    }
    return entry;
  }
}

function keyOf({ pipeline_name, run_id = "" }: RunKey): string {
  return `${pipeline_name}\n${run_id}`;
}
