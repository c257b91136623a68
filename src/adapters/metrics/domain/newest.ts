import { isNewer } from "../../../domain/commit/newest.ts";

/** The order of an outcome among those of its name: a later run replaces it, and within a run a later `at`. */
export interface Placed {
  run_order: number;
  at: number;
}

/** The outcome to show under this name; null: none. */
export type Show<T> = (name: string, newest: T | null) => void;

export interface Order<T> {
  name: (outcome: T) => string;
  /** Decides between two outcomes of one time (domain/commit/newest.ts). */
  precedesOnTie: (outcome: T, known: T) => boolean;
}

/** The newest outcome of each check, or feature, of one pipeline. */
export class Newest<T extends Placed> {
  readonly #order: Order<T>;
  readonly #outcomes = new Map<string, T>();
  #horizon: number | null = null;

  constructor(order: Order<T>) {
    this.#order = order;
  }

  observe(outcome: T, show: Show<T>): void {
    if (this.#take(outcome)) show(this.#order.name(outcome), outcome);
  }

  /** Outcomes of runs before the horizon leave, and do not come back. */
  setHorizon(horizon: number | null, show: Show<T>): void {
    this.#horizon = horizon;
    if (horizon === null) return;
    for (const [name, { run_order }] of this.#outcomes) {
      if (run_order >= horizon) continue;
      this.#outcomes.delete(name);
      show(name, null);
    }
  }

  replace(outcomes: readonly T[], show: Show<T>): void {
    const before = [...this.#outcomes.keys()];
    this.#outcomes.clear();
    for (const outcome of outcomes) this.#take(outcome);
    for (const name of before) if (!this.#outcomes.has(name)) show(name, null);
    for (const [name, outcome] of this.#outcomes) show(name, outcome);
  }

  #take(outcome: T): boolean {
    if (this.#horizon !== null && outcome.run_order < this.#horizon) return false;
    const name = this.#order.name(outcome);
    const known = this.#outcomes.get(name);
    if (known !== undefined && !this.#isNewer(outcome, known)) return false;
    this.#outcomes.set(name, outcome);
    return true;
  }

  #isNewer(outcome: T, known: T): boolean {
    if (outcome.run_order !== known.run_order) return outcome.run_order > known.run_order;
    return isNewer(outcome, known, this.#order.precedesOnTie);
  }
}
