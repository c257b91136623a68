import type { FamilySpec } from "../names.ts";
import type { Family } from "./family.ts";
import { type Budget, Ledger } from "./ledger.ts";

/** The value of the labels of the series into which those past the cap are folded; labels with a closed list keep theirs. */
export const OTHER = "_other";

/** The label sets that were folded into one series. */
interface Fold {
  family: Family;
  /** Of the series that they are folded into. */
  labels: readonly string[];
  ledger: Ledger;
}

/**
 * The series past the cap. The overflow remembers as many totals as the cap allows series (8 bytes each and a key), which
 * bounds it; further label sets are only counted as dropped.
 */
export class Overflow {
  readonly #room: number;
  readonly #budget: Budget;
  readonly #folds = new Map<Family, Map<string, Fold>>();
  readonly #onDropped: (family: Family) => void;
  #series = 0;

  constructor(room: number, onDropped: (family: Family) => void) {
    this.#room = room;
    this.#budget = { left: room };
    this.#onDropped = onDropped;
  }

  /** Time series that found no room, each once while there is room to remember which they were. */
  get series(): number {
    return this.#series;
  }

  /** Whether the label set was folded before: it then stays folded, because it must not be counted twice. */
  has(family: Family, labels: readonly string[]): boolean {
    return this.#folds.get(family)?.get(closedValues(family.spec, labels))?.ledger.has(labels) ?? false;
  }

  drop(family: Family, labels: readonly string[]): void {
    const { ledger } = this.#fold(family, labels, 0);
    if (ledger.has(labels)) return;
    ledger.add(labels);
    this.#dropped(family);
  }

  /** Adds a counter's or histogram's totals to the family's other-series. */
  fold(family: Family, labels: readonly string[], totals: Float64Array, releaseAt: number): void {
    const fold = this.#fold(family, labels, totals.length);
    if (!fold.ledger.has(labels)) {
      // A pipeline with this very name shares the series, and is not dropped.
      if (!isOther(family.spec, labels)) this.#dropped(family);
      if (!fold.ledger.add(labels)) return;
    }
    fold.ledger.fold(labels, totals);
    show(fold, releaseAt);
  }

  /** Restores the other-series that were removed together with a pipeline of the same name. */
  restore(): void {
    for (const fold of this.#all()) if (fold.family.spec.type !== "gauge") show(fold, 0);
  }

  /** Forgets what was folded and removes its series; the caller shows everything again. */
  clear(): void {
    for (const { family, labels } of this.#all()) family.remove(labels);
    this.#folds.clear();
    this.#budget.left = this.#room;
    this.#series = 0;
  }

  *#all(): Generator<Fold> {
    for (const folds of this.#folds.values()) yield* folds.values();
  }

  #dropped(family: Family): void {
    this.#series += family.layout.lines;
    this.#onDropped(family);
  }

  #fold(family: Family, labels: readonly string[], width: number): Fold {
    let folds = this.#folds.get(family);
    if (folds === undefined) {
      folds = new Map();
      this.#folds.set(family, folds);
    }
    const key = closedValues(family.spec, labels);
    let fold = folds.get(key);
    if (fold === undefined) {
      fold = { family, labels: otherLabels(family.spec, labels), ledger: new Ledger(width, this.#budget) };
      folds.set(key, fold);
    }
    return fold;
  }
}

function show({ family, labels, ledger }: Fold, releaseAt: number): void {
  let series = family.find(labels);
  if (series < 0) series = family.add(labels, releaseAt);
  family.set(series, ledger.sums);
}

/** The values of the labels that a series keeps when it is folded. */
function closedValues({ labels: names, closed }: FamilySpec, labels: readonly string[]): string {
  if (closed.length === 0) return "";
  return names.map((name, i) => (closed.includes(name) ? labels[i] : "")).join("\n");
}

function otherLabels({ labels: names, closed }: FamilySpec, labels: readonly string[]): string[] {
  return names.map((name, i) => (closed.includes(name) ? labels[i]! : OTHER));
}

/** Whether this is a series that others are folded into. */
export function isOther({ labels: names, closed }: FamilySpec, labels: readonly string[]): boolean {
  return names.every((name, i) => labels[i] === OTHER || closed.includes(name)) && closed.length < names.length;
}
