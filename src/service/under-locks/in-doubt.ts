import type { Metrics, Store } from "../../ports.ts";

/** Past this many pipelines in doubt all are read again: an outage does not fill the memory. */
const MOST_NAMES = 10_000;

/**
 * Pipelines of commits of which nobody knows whether they happened: the answer was lost. They are read and shown again
 * between two commits of reports, so that no older total is shown after a newer one.
 */
export class InDoubt {
  readonly #names = new Set<string>();
  #all = false;

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

  /** Shows what is stored. What fails stays in doubt, and so does what is added meanwhile. Throws StoreError. */
  async show(store: Pick<Store, "restore">, metrics: Metrics): Promise<void> {
    if (this.empty) return;
    const all = this.#all;
    const names = [...this.#names];
    this.#all = false;
    this.#names.clear();
    try {
      for await (const part of store.restore(all ? undefined : names)) metrics.observe(part);
    } catch (error) {
      if (all) this.addAll();
      else this.add(names);
      throw error;
    }
  }
}
