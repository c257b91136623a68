import type { AfterCommit, Store } from "../../ports.ts";

/** Past this many pipelines in doubt all are read again: an outage does not fill the memory. */
const MOST_NAMES = 10_000;

/**
 * Pipelines of commits of which nobody knows whether they happened: the answer was lost. They are read and shown again
 * between two commits of reports, since totals are shown as they are given: an older one would be shown after a newer one.
 * Other changes may commit meanwhile. What they show carries its own order, and what was read before does not take its place:
 * decisions by revision, counts of decisions by size, verdicts and checks by run and time. Only archiving has no order.
 */
export class InDoubt {
  readonly #names = new Set<string>();
  #all = false;
  /** Archived while parts are read; null: none are read now. */
  #archived: Set<string> | null = null;

  get empty(): boolean {
    return this.#names.size === 0 && !this.#all;
  }

  add(pipeline_names: Iterable<string>): void {
    for (const name of pipeline_names) this.#names.add(name);
    if (this.#names.size > MOST_NAMES) this.addAll();
  }

  addAll(): void {
    this.#all = true;
    this.#names.clear();
  }

  /** They are archived and no longer shown: a part that was read before does not bring them back. */
  archived(pipeline_names: readonly string[]): void {
    for (const name of pipeline_names) this.#archived?.add(name);
  }

  /** Shows what is stored. What fails stays in doubt, and so does what is added meanwhile. Throws StoreError. */
  async show(store: Pick<Store, "restore">, afterCommit: AfterCommit): Promise<void> {
    if (this.empty) return;
    const all = this.#all;
    const names = [...this.#names];
    this.#all = false;
    this.#names.clear();
    const archived = new Set<string>();
    this.#archived = archived;
    try {
      for await (const part of store.restore(all ? undefined : names)) {
        // Only reports bring a pipeline back, and none is committed meanwhile.
        afterCommit.observe(archived.size === 0 ? part : { ...part, archived: [...part.archived, ...archived] });
      }
    } catch (error) {
      if (all) this.addAll();
      else this.add(names);
      throw error;
    } finally {
      this.#archived = null;
    }
  }
}
