import type { Committed } from "../../domain/commit/committed.ts";
import type { NameKind } from "../../domain/commit/kinds/kind.ts";
import { SluiceError } from "../../errors.ts";
import type { Clock } from "../../ports.ts";
import { Allowance } from "./allowance.ts";
import type { Named } from "./named-by.ts";
import { NamesOfPipeline } from "./names-of-pipeline.ts";

/** Reserved: in /metrics it stands for every pipeline that found no room. */
const FOLDED = "_other";

export interface NameLimits {
  new_pipelines_per_minute: number;
  pipelines_per_key: number;
  /** Different names of one pipeline. */
  names: Readonly<Record<NameKind, number>>;
}

/**
 * Bounds the names that reports bring: each is a row and some time series for ever, and a flood from one key would use up the
 * series of all. A known name costs one look-up. Known names are those stored and not archived at start, and those admitted
 * since: a name that was admitted but could not be stored is not counted again when it comes back.
 */
export class NewNames {
  readonly #limits: NameLimits;
  readonly #clock: Clock;
  readonly #pipelines = new Map<string, NamesOfPipeline>();
  /** Pipelines by the key that was the first to report of them. */
  readonly #made = new Map<string, number>();
  readonly #allowances = new Map<string, Allowance>();

  constructor(limits: NameLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /**
   * Admits the names of one request of this key. null: all; else for each its error (`too_many_names`, permanent) or null. Throws
   * where the client has to send the whole request again: `too_many_new`, or, where it can never fit,
   * `body_too_large`, upon which clients send it in halves.
   */
  admit(key: string, named: readonly Named[]): (SluiceError | null)[] | null {
    if (named.every((one) => this.#isKnown(one))) return null;
    const now = this.#clock.now();
    const fresh = new Map<string, NamesOfPipeline>();
    const errors = named.map((one) => this.#addTo(key, fresh, one, now));
    if (fresh.size > 0) this.#takeFromAllowance(key, fresh.size, now);
    for (const [pipeline_name, pipeline] of fresh) this.#keep(pipeline_name, pipeline);
    return errors.some((error) => error !== null) ? errors : null;
  }

  /** Adds the names that the store holds. */
  restore({ births, records, checks, features, latencies, freshness }: Committed): void {
    for (const { pipeline_name, key_name } of births) {
      if (!this.#pipelines.has(pipeline_name)) this.#keep(pipeline_name, new NamesOfPipeline(key_name ?? ""));
    }
    const now = this.#clock.now();
    const add = (pipeline_name: string, kind: NameKind, name: string) =>
      this.#pipelines.get(pipeline_name)?.add(kind, name, Number.POSITIVE_INFINITY, now);
    for (const { pipeline_name, stage } of records) add(pipeline_name, "stage", stage);
    for (const { pipeline_name, check_name } of checks) add(pipeline_name, "check", check_name);
    for (const { pipeline_name, feature_name } of features) add(pipeline_name, "feature", feature_name);
    for (const { pipeline_name, operation } of latencies) add(pipeline_name, "operation", operation);
    for (const { pipeline_name, dataset } of freshness) add(pipeline_name, "dataset", dataset);
  }

  /** Archived pipelines: reported again they count as new, because their series come back. */
  forget(pipeline_names: Iterable<string>): void {
    for (const pipeline_name of pipeline_names) {
      const pipeline = this.#pipelines.get(pipeline_name);
      if (pipeline === undefined) continue;
      this.#pipelines.delete(pipeline_name);
      this.#made.set(pipeline.key_name, this.#made.get(pipeline.key_name)! - 1);
    }
  }

  #isKnown({ pipeline_name, kind, names }: Named): boolean {
    const pipeline = this.#pipelines.get(pipeline_name);
    return pipeline !== undefined && (kind === null || names.every((name) => pipeline.has(kind, name)));
  }

  #addTo(key: string, fresh: Map<string, NamesOfPipeline>, one: Named, now: number): SluiceError | null {
    const { pipeline_name, kind, names } = one;
    let pipeline = this.#pipelines.get(pipeline_name) ?? fresh.get(pipeline_name);
    if (pipeline === undefined) {
      if (pipeline_name === FOLDED) return reserved();
      const most = this.#limits.pipelines_per_key;
      if ((this.#made.get(key) ?? 0) + fresh.size >= most) {
        return tooManyNames("pipeline_name", pipeline_name, `this API key has reported of ${most} pipelines, and at`);
      }
      pipeline = new NamesOfPipeline(key);
      fresh.set(pipeline_name, pipeline);
    }
    if (kind === null) return null;
    const most = this.#limits.names[kind];
    const over = names.find((name) => !pipeline.add(kind, name, most, now));
    if (over === undefined) return null;
    const field = kind === "stage" || kind === "operation" || kind === "dataset" ? kind : `${kind}_name`;
    return tooManyNames(field, over, `${JSON.stringify(pipeline_name)} has ${most} ${kind}s, and at`);
  }

  #takeFromAllowance(key: string, count: number, now: number): void {
    const most = this.#limits.new_pipelines_per_minute;
    if (count > most) {
      throw new SluiceError(
        "body_too_large",
        `${count} new pipelines in one request, and ${most} a minute may come: send it in parts`,
      );
    }
    let allowance = this.#allowances.get(key);
    if (allowance === undefined) {
      allowance = new Allowance(most, now);
      this.#allowances.set(key, allowance);
    }
    const wait = allowance.take(count, now);
    if (wait === null) return;
    const detail = `more than ${most} new pipelines a minute; nothing of this request was kept, send it again`;
    throw new SluiceError("too_many_new", detail, { retry_after: Math.ceil(wait / 1000) });
  }

  #keep(pipeline_name: string, pipeline: NamesOfPipeline): void {
    this.#pipelines.set(pipeline_name, pipeline);
    this.#made.set(pipeline.key_name, (this.#made.get(pipeline.key_name) ?? 0) + 1);
  }
}

function tooManyNames(field: string, name: string, why: string): SluiceError {
  const shown = JSON.stringify(name.slice(0, 80));
  return new SluiceError(
    "too_many_names",
    `${field}: ${shown} given; ${why} most that many may be: archive what is not needed, or raise the limit`,
  );
}

function reserved(): SluiceError {
  const message = `"${FOLDED}" given; in /metrics it stands for the pipelines that found no room, so none may be called so`;
  return new SluiceError("invalid_report", `pipeline_name: ${message}`, {
    errors: [{ path: "pipeline_name", message }],
  });
}
