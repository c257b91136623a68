import type { Committed, GateShown } from "../../domain/commit/committed.ts";
import type { GateState } from "../../domain/gate/transition.ts";
import { withUpstreams } from "../../domain/gate/with-upstreams.ts";
import type { AfterCommit, GateGauges } from "../../ports.ts";
import { Dependents } from "./dependents.ts";
import type { Policies } from "./policies.ts";

/** What a pipeline's decision is with its upstreams taken in. */
export type Effective = Pick<GateState, "decision" | "allowed" | "reasons"> & { pipeline_name: string };

export type GateAnswer = GateState & { pipeline_name: string };

export interface GateViewsDeps {
  policies: Policies;
  gauges: GateGauges;
  /** After a commit: these pipelines, and all that depend on them, may be decided otherwise now. */
  onTouched: (pipeline_names: ReadonlySet<string>) => void;
}

/**
 * The view of the stored decisions that is asked: each pipeline's own, and with it the upstreams'. It sees what this agent
 * commits, in the order of the commits; of two states of a pipeline the one with the greater revision stays.
 */
export class GateViews implements AfterCommit {
  readonly #deps: GateViewsDeps;
  readonly #gates = new Map<string, GateShown>();
  /** Made when they are asked for the first time. */
  readonly #answers = new WeakMap<GateShown, GateAnswer>();
  readonly #dependents: Dependents;
  /** Pending gates of which evidence came since they were decided, by the number of the latest. */
  readonly #behind = new Map<string, number>();
  #numbers = 0;
  /** What was read of those since. */
  readonly #readings = new Map<string, GateShown>();

  constructor(deps: GateViewsDeps) {
    this.#deps = deps;
    this.#dependents = new Dependents((name) => deps.policies.of(name).policy.depends_on);
  }

  get(pipeline_name: string): GateShown | undefined {
    return this.#gates.get(pipeline_name);
  }

  /** The pipeline's own decision: the same object for as long as it stands, so that what is made of it can be kept with it. */
  own(shown: GateShown): GateAnswer {
    let answer = this.#answers.get(shown);
    if (answer === undefined) {
      answer = { pipeline_name: shown.pipeline_name, ...shown.state };
      this.#answers.set(shown, answer);
    }
    return answer;
  }

  /** null: the decision that is shown is of everything that came; else a number that is another one after the next evidence. */
  behind(pipeline_name: string): number | null {
    return this.#behind.get(pipeline_name) ?? null;
  }

  /** What was read of a gate that is behind; undefined: nothing since its latest evidence. */
  reading(pipeline_name: string): GateShown | undefined {
    const read = this.#readings.get(pipeline_name);
    return read?.state.policy_version === this.#deps.policies.of(pipeline_name).policy_version ? read : undefined;
  }

  /** Keeps what was read for whoever asks next. `behind`: as it was before the reading, which is out of date if it is another one now. */
  keepReading(read: GateShown, behind: number): void {
    const { pipeline_name } = read;
    if (this.#behind.get(pipeline_name) === behind) this.#readings.set(pipeline_name, read);
  }

  /** The pipelines that wait for it, directly or through others. */
  dependentsOf(pipeline_name: string): string[] {
    const found = this.#dependents.withThose([pipeline_name]);
    found.delete(pipeline_name);
    return [...found];
  }

  /** In the order of their names. */
  names(): string[] {
    return [...this.#gates.keys()].sort();
  }

  observe({ gates, undecided, touched, births, revived, archived }: Committed): void {
    const changed = new Set<string>();
    // Revisions begin anew after an archiving, of which nothing was seen where its answer was lost.
    for (const pipeline_name of revived) this.#forget(pipeline_name);
    const newcomers = [...births, ...gates].filter(({ pipeline_name }) => this.#dependents.add(pipeline_name));
    for (const shown of gates) {
      const { pipeline_name } = shown;
      const known = this.#gates.get(pipeline_name);
      if (known !== undefined && known.revision >= shown.revision) continue;
      this.#gates.set(pipeline_name, shown);
      this.#behind.delete(pipeline_name);
      this.#readings.delete(pipeline_name);
      changed.add(pipeline_name);
    }
    for (const pipeline_name of undecided) {
      this.#behind.set(pipeline_name, ++this.#numbers);
      this.#readings.delete(pipeline_name);
    }
    if (newcomers.length > 0) this.#deps.gauges.showUpstreams(this.#dependents.edges());
    this.#show(this.#dependents.withThose(changed));
    if (changed.size + touched.length > 0) this.#deps.onTouched(this.#dependents.withThose([...touched, ...changed]));
    if (archived.length > 0) this.#archive(archived);
  }

  /** After the policies were replaced: who depends on whom may be another. */
  policiesChanged(): void {
    this.#dependents.forget(this.#gates.keys());
    this.#deps.gauges.showUpstreams(this.#dependents.edges());
    this.#show(this.#gates.keys());
    this.#deps.onTouched(new Set(this.#gates.keys()));
  }

  /** There is room again for series that had found none. */
  showAll(): void {
    this.#deps.gauges.showUpstreams(this.#dependents.edges());
    this.#show(this.#gates.keys());
  }

  #forget(pipeline_name: string): void {
    this.#gates.delete(pipeline_name);
    this.#behind.delete(pipeline_name);
    this.#readings.delete(pipeline_name);
  }

  /** All leave before any is shown: one that depends on another would come back with it. */
  #archive(pipeline_names: readonly string[]): void {
    const touched = this.#dependents.withThose(pipeline_names);
    for (const pipeline_name of pipeline_names) {
      this.#forget(pipeline_name);
      this.#dependents.remove(pipeline_name);
    }
    this.#show([...touched].filter((name) => this.#gates.has(name)));
    this.#deps.onTouched(touched);
  }

  /** Those whose decision time may have changed. */
  due(now: number): string[] {
    const due: string[] = [];
    for (const { pipeline_name, state } of this.#gates.values()) {
      if (state.valid_until !== null && state.valid_until <= now) due.push(pipeline_name);
    }
    return due;
  }

  /** Those that were decided by another policy than the one that holds now. */
  outdated(): string[] {
    const outdated: string[] = [];
    for (const { pipeline_name, state } of this.#gates.values()) {
      if (state.policy_version !== this.#deps.policies.of(pipeline_name).policy_version) outdated.push(pipeline_name);
    }
    return outdated;
  }

  /** By the latest run of every pipeline. Dependencies have no cycles; `seen`: however many ways lead to one, it is looked at once. */
  effective(pipeline_name: string, seen = new Map<string, Effective | null>()): Effective | null {
    let known = seen.get(pipeline_name);
    if (known === undefined) {
      known = this.#effective(pipeline_name, seen);
      seen.set(pipeline_name, known);
    }
    return known;
  }

  #effective(pipeline_name: string, seen: Map<string, Effective | null>): Effective | null {
    const shown = this.#gates.get(pipeline_name);
    if (shown === undefined) return null;
    const { policy } = this.#deps.policies.of(pipeline_name);
    const { state } = shown;
    if (policy.depends_on.length === 0) return { pipeline_name, ...state };
    const upstreams = policy.depends_on.map((name) => this.effective(name, seen) ?? unheard(name));
    return { pipeline_name, ...withUpstreams(state, upstreams, policy) };
  }

  #show(names: Iterable<string>): void {
    const gauges = [];
    const seen = new Map<string, Effective | null>();
    for (const name of names) {
      const effective = this.effective(name, seen);
      if (effective !== null) gauges.push(effective);
    }
    if (gauges.length > 0) this.#deps.gauges.showGates(gauges);
  }
}

/** A pipeline of which nothing was ever reported is unknown, and unknown is not allowed. */
export function unheard(pipeline_name: string): Effective {
  return { pipeline_name, decision: "unknown", allowed: false, reasons: [] };
}
