import type { FamilyName, FamilySpec } from "../names.ts";
import type { HoldQueue } from "./hold-queue.ts";
import type { Interner } from "./interner.ts";
import { Layout } from "./layout.ts";
import { labelText } from "./sample-text.ts";
import { Segment, slotsOf } from "./segment.ts";
import { TupleIndex } from "./tuple-index.ts";

const PIPELINE_LABEL = "pipeline_name";

/** The label sets of one metric family. A label set goes by a number, `segment * slots + slot`, which is reused after it left. */
export class Family {
  readonly name: FamilyName;
  readonly spec: FamilySpec;
  readonly layout: Layout;
  readonly segments: Segment[] = [];
  /** Number of label sets under birth hold, which are shown as 0. */
  held = 0;
  readonly #interner: Interner;
  readonly #holds: HoldQueue;
  readonly #index: TupleIndex;
  readonly #slots: number;
  /** Segments that have room. */
  readonly #open: number[] = [];
  readonly #tuple: Uint32Array;

  constructor(name: FamilyName, spec: FamilySpec, interner: Interner, holds: HoldQueue) {
    this.name = name;
    this.spec = spec;
    this.layout = new Layout(name, spec);
    this.#interner = interner;
    this.#holds = holds;
    this.#index = new TupleIndex(spec.labels.length);
    this.#slots = slotsOf(this.layout);
    this.#tuple = new Uint32Array(spec.labels.length);
  }

  get size(): number {
    return this.#index.size;
  }

  /** -1 where there is no such label set. */
  find(labels: readonly string[]): number {
    for (let i = 0; i < this.#tuple.length; i++) {
      const id = this.#interner.find(labels[i]!);
      if (id < 0) return -1;
      this.#tuple[i] = id;
    }
    return this.#index.get(this.#tuple);
  }

  /** `labels` must not be there yet. Its values are 0, and shown as 0 until `releaseAt` (0: not held). */
  add(labels: readonly string[], releaseAt: number): number {
    for (let i = 0; i < this.#tuple.length; i++) this.#tuple[i] = this.#interner.acquire(labels[i]!);
    if (this.#open.length === 0) this.#open.push(this.segments.push(new Segment(this.layout)) - 1);
    const number = this.#open.at(-1)!;
    const segment = this.segments[number]!;
    const series = number * this.#slots + segment.add(labelText(this.spec.labels, labels), releaseAt);
    if (segment.full) this.#open.pop();
    this.#index.set(this.#tuple, series);
    if (releaseAt !== 0) this.#holds.push({ release_at: releaseAt, family: this, series });
    return series;
  }

  set(series: number, values: Float64Array): void {
    const [segment, slot] = this.#place(series);
    const before = segment.total(slot);
    segment.set(slot, values);
    if (segment.releaseAt(slot) !== 0) this.held += Number(segment.total(slot) > 0) - Number(before > 0);
  }

  /** Does nothing where the number was given to another label set since. */
  release(series: number, releaseAt: number): void {
    const [segment, slot] = this.#place(series);
    if (segment.releaseAt(slot) !== releaseAt) return;
    segment.release(slot);
    if (segment.total(slot) > 0) this.held--;
  }

  remove(labels: readonly string[]): boolean {
    if (this.find(labels) < 0) return false;
    this.#removeTuple(this.#tuple);
    return true;
  }

  /** Returns how many label sets it removed. */
  removePipelines(pipelineNames: readonly string[]): number {
    if (this.spec.labels[0] !== PIPELINE_LABEL) return 0;
    const ids = new Set(pipelineNames.map((name) => this.#interner.find(name)));
    ids.delete(-1);
    return ids.size === 0 ? 0 : this.#removeWhere((tuple) => ids.has(tuple[0]!));
  }

  /** Of these pipelines, all but those. */
  removeOthersOf(pipelineNames: readonly string[], keep: ReadonlySet<number>): void {
    const ids = new Set(pipelineNames.map((name) => this.#interner.find(name)));
    this.#removeWhere((tuple, series) => ids.has(tuple[0]!) && !keep.has(series));
  }

  removeOthers(keep: ReadonlySet<number>): number {
    return this.#removeWhere((_, series) => !keep.has(series));
  }

  /** Returns the label sets that it had. */
  removeAll(): string[][] {
    // The index keeps the space it once took: looking through it is not for nothing.
    if (this.size === 0) return [];
    const all = this.#index.filter(() => true).map((tuple) => Array.from(tuple, (id) => this.#interner.string(id)));
    this.#removeWhere(() => true);
    return all;
  }

  #removeWhere(wanted: (tuple: Uint32Array, series: number) => boolean): number {
    const tuples = this.#index.filter(wanted);
    for (const tuple of tuples) this.#removeTuple(tuple);
    return tuples.length;
  }

  #removeTuple(tuple: Uint32Array): void {
    const series = this.#index.get(tuple);
    const [segment, slot] = this.#place(series);
    if (segment.releaseAt(slot) !== 0 && segment.total(slot) > 0) this.held--;
    if (segment.full) this.#open.push(Math.floor(series / this.#slots));
    segment.remove(slot);
    this.#index.delete(tuple);
    for (const id of tuple) this.#interner.release(id);
  }

  #place(series: number): [Segment, number] {
    return [this.segments[Math.floor(series / this.#slots)]!, series % this.#slots];
  }
}
