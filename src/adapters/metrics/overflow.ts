import type { Family } from "./family.ts";
import { type Budget, Ledger } from "./ledger.ts";

/** What every label of the series says into which those past the cap are folded. */
export const OTHER = "_other";

/**
 * The series past the cap. As many numbers are remembered of them as the cap allows series (8 bytes each and a key), so
 * that the whole stays bounded; what comes after that is only counted as dropped.
 */
export class Overflow {
  readonly #budget: Budget;
  readonly #ledgers = new Map<Family, Ledger>();
  readonly #onDropped: (family: Family) => void;

  constructor(room: number, onDropped: (family: Family) => void) {
    this.#budget = { left: room };
    this.#onDropped = onDropped;
  }

  /** Whether the label set was folded before: it then stays folded, as it must not be counted twice. */
  has(family: Family, labels: readonly string[]): boolean {
    return this.#ledgers.get(family)?.has(labels) ?? false;
  }

  drop(family: Family, labels: readonly string[]): void {
    const ledger = this.#ledger(family, 0);
    if (ledger.has(labels)) return;
    ledger.add(labels);
    this.#onDropped(family);
  }

  /** Adds a counter's or histogram's totals to the family's other-series. */
  fold(family: Family, labels: readonly string[], totals: Float64Array, releaseAt: number): void {
    const ledger = this.#ledger(family, totals.length);
    if (!ledger.has(labels)) {
      // A pipeline that is really called so shares the series, and is not dropped.
      if (!isOther(labels)) this.#onDropped(family);
      if (!ledger.add(labels)) return;
    }
    ledger.fold(labels, totals);
    this.#show(family, ledger, releaseAt);
  }

  /** Puts the other-series back which were removed together with a pipeline that is really called so. */
  restore(): void {
    for (const [family, ledger] of this.#ledgers) if (family.spec.type !== "gauge") this.#show(family, ledger, 0);
  }

  #show(family: Family, ledger: Ledger, releaseAt: number): void {
    const labels = family.spec.labels.map(() => OTHER);
    let series = family.find(labels);
    if (series < 0) series = family.add(labels, releaseAt);
    family.set(series, ledger.sums);
  }

  #ledger(family: Family, width: number): Ledger {
    let ledger = this.#ledgers.get(family);
    if (ledger === undefined) {
      ledger = new Ledger(width, this.#budget);
      this.#ledgers.set(family, ledger);
    }
    return ledger;
  }
}

export function isOther(labels: readonly string[]): boolean {
  return labels.every((label) => label === OTHER);
}
