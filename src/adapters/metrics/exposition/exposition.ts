import type { LatencyTotal } from "../../../domain/reports/buckets.ts";
import type { Clock } from "../../../ports.ts";
import { DRIFT_DETAILS, FAMILIES, FAMILY_NAMES, type FamilyName, type LabelsOf, type NameOf } from "../names.ts";
import { Family } from "./family.ts";
import { HoldQueue } from "./hold-queue.ts";
import { Interner } from "./interner.ts";
import { isOther, OTHER, Overflow } from "./overflow.ts";

/** Least number of totals remembered of series past the cap, where the cap itself is lower. */
const FEWEST_REMEMBERED = 100_000;
/** Part of the cap that details may fill: what is born behind it finds room without their leaving first. */
const DETAILS_SHARE = 0.9;

export interface ExpositionOptions {
  clock: Clock;
  /** Milliseconds after its birth in which a counter or histogram is shown as 0, so that `increase()` sees its first count. */
  birth_hold: number;
  /** Time series, as Prometheus counts them: a histogram has one for each bucket, its sum and its count. */
  series_cap: number;
  /** Names of families that are not shown: nothing is kept of them. */
  off?: readonly string[];
  /** Called when a label set found no room: once for each, while there is room to remember them. */
  onDropped(family: FamilyName, series: number): void;
}

/**
 * The domain's series, with their text ready to be copied. All values given are totals or states: giving the same
 * twice changes nothing. `born_at` matters only for a series that is not there yet.
 */
export class Exposition {
  readonly families: readonly Family[];
  readonly birth_hold: number;
  readonly #byName: ReadonlyMap<FamilyName, Family>;
  readonly #options: ExpositionOptions;
  readonly #holds = new HoldQueue();
  readonly #overflow: Overflow;
  /** In the order in which they leave. */
  readonly #details: readonly Family[];

  constructor(options: ExpositionOptions) {
    this.birth_hold = options.birth_hold;
    const interner = new Interner();
    const shown = FAMILY_NAMES.filter((name) => !options.off?.includes(name));
    this.families = shown.map((name) => new Family(name, FAMILIES[name], interner, this.#holds));
    this.#byName = new Map(this.families.map((family) => [family.name, family]));
    this.#details = DRIFT_DETAILS.flatMap((name) => this.#byName.get(name) ?? []);
    this.#options = options;
    this.#overflow = new Overflow(Math.max(options.series_cap, FEWEST_REMEMBERED), ({ name, layout }) =>
      options.onDropped(name, layout.lines),
    );
  }

  /** Whether the family is shown at all. */
  shows(name: FamilyName): boolean {
    return this.#byName.has(name);
  }

  /** Time series. */
  get series(): number {
    let series = 0;
    for (const family of this.families) series += family.size * family.layout.lines;
    return series;
  }

  /** Makes a counter or histogram exist, at 0 where it did not. */
  birth<N extends NameOf<"counter" | "histogram">>(name: N, labels: LabelsOf<N>, bornAt: number): void {
    const family = this.#byName.get(name);
    if (family === undefined || family.find(labels) >= 0 || this.#overflow.has(family, labels)) return;
    this.#total(family, labels, new Float64Array(family.layout.lines), bornAt);
  }

  counter<N extends NameOf<"counter">>(name: N, labels: LabelsOf<N>, total: number, bornAt: number): void {
    const family = this.#byName.get(name);
    if (family !== undefined) this.#total(family, labels, Float64Array.of(total), bornAt);
  }

  histogram<N extends NameOf<"histogram">>(name: N, labels: LabelsOf<N>, total: LatencyTotal, bornAt: number): void {
    const family = this.#byName.get(name);
    if (family === undefined) return;
    const buckets = family.spec.buckets.length + 1;
    if (total.buckets.length !== buckets)
      throw new RangeError(`${name} has ${buckets} buckets, not ${total.buckets.length}`);
    const values = new Float64Array(family.layout.lines);
    let cumulative = 0;
    for (let i = 0; i < buckets; i++) {
      cumulative += total.buckets[i]!;
      values[i] = cumulative;
    }
    values[buckets] = total.sum;
    values[buckets + 1] = total.count;
    this.#total(family, labels, values, bornAt);
  }

  gauge<N extends NameOf<"gauge">>(name: N, labels: LabelsOf<N>, value: number): void {
    const family = this.#byName.get(name);
    if (family !== undefined) this.#state(family, labels, value);
  }

  hasGauge<N extends NameOf<"gauge">>(name: N, labels: LabelsOf<N>): boolean {
    return (this.#byName.get(name)?.find(labels) ?? -1) >= 0;
  }

  removeGauge<N extends NameOf<"gauge">>(name: N, labels: LabelsOf<N>): void {
    this.#byName.get(name)?.remove(labels);
  }

  /** Sets the family to exactly these series. */
  replaceGauges<N extends NameOf<"gauge">>(name: N, rows: readonly { labels: LabelsOf<N>; value: number }[]): void {
    const family = this.#byName.get(name);
    if (family === undefined) return;
    family.removeOthers(new Set(rows.map(({ labels }) => family.find(labels))));
    for (const { labels, value } of rows) this.#state(family, labels, value);
  }

  /** Sets what the family has of these pipelines to exactly these series. */
  replaceGaugesOf<N extends NameOf<"gauge">>(
    name: N,
    pipelineNames: readonly string[],
    rows: readonly { labels: LabelsOf<N>; value: number }[],
  ): void {
    const family = this.#byName.get(name);
    if (family === undefined) return;
    family.removeOthersOf(pipelineNames, new Set(rows.map(({ labels }) => family.find(labels))));
    for (const { labels, value } of rows) this.#state(family, labels, value);
  }

  /** Removes every series of these pipelines in one pass through all series. */
  removePipelines(pipelineNames: readonly string[]): void {
    for (const family of this.families) family.removePipelines(pipelineNames);
    if (pipelineNames.includes(OTHER)) this.#overflow.restore();
  }

  /**
   * Forgets folded and dropped series where there is room again. True: the caller shows everything stored again. A folded sum
   * that comes again smaller looks like a counter that began anew, so this is done only where all fit or half of the cap is
   * free: series that were folded and left since still count as folded.
   */
  unfold(): boolean {
    const folded = this.#overflow.series;
    const room = this.#options.series_cap - this.series;
    if (folded === 0 || (folded > room && room * 2 < this.#options.series_cap)) return false;
    this.#overflow.clear();
    return true;
  }

  /** Ends the birth holds whose time has come. */
  release(): void {
    this.#holds.release(this.#options.clock.now());
  }

  #total(family: Family, labels: readonly string[], values: Float64Array, bornAt: number): void {
    const other = isOther(family.spec, labels);
    let series = other ? -1 : family.find(labels);
    if (series < 0) {
      const now = this.#options.clock.now();
      // A birth in the future is another replica's clock that is ahead.
      const end = Math.min(bornAt, now) + this.birth_hold;
      const releaseAt = end > now ? end : 0;
      if (other || this.#overflow.has(family, labels) || !(isClosed(family) || this.#makeRoom(family))) {
        this.#overflow.fold(family, labels, values, releaseAt);
        return;
      }
      series = family.add(labels, releaseAt);
    }
    family.set(series, values);
  }

  #state(family: Family, labels: readonly string[], value: number): void {
    let series = family.find(labels);
    if (series < 0) {
      if (!this.#makeRoom(family)) {
        this.#overflow.drop(family, labels);
        return;
      }
      series = family.add(labels, 0);
    }
    family.set(series, Float64Array.of(value));
  }

  /** Whether one more label set of the family fits, for which details leave where it is none of them. */
  #makeRoom(family: Family): boolean {
    const { series_cap } = this.#options;
    const { lines } = family.layout;
    if (this.#details.includes(family)) return this.series + lines <= series_cap * DETAILS_SHARE;
    for (const detail of this.#details) {
      if (this.series + lines <= series_cap) return true;
      for (const labels of detail.removeAll()) this.#overflow.drop(detail, labels);
    }
    return this.series + lines <= series_cap;
  }
}

/** All labels of the family have closed lists of values, so reports cannot make it grow. */
function isClosed({ spec }: Family): boolean {
  return spec.closed.length === spec.labels.length;
}
