/** Which of the pipelines that are known depend on which, directly or through others. */
export class Dependents {
  readonly #upstreamsOf: (pipeline_name: string) => readonly string[];
  readonly #known = new Set<string>();
  readonly #downstream = new Map<string, Set<string>>();

  constructor(upstreamsOf: (pipeline_name: string) => readonly string[]) {
    this.#upstreamsOf = upstreamsOf;
  }

  /** Answers whether it brought an edge with it. */
  add(pipeline_name: string): boolean {
    if (this.#known.has(pipeline_name)) return false;
    this.#known.add(pipeline_name);
    const upstreams = this.#upstreamsOf(pipeline_name);
    for (const upstream of upstreams) {
      const dependents = this.#downstream.get(upstream);
      if (dependents === undefined) this.#downstream.set(upstream, new Set([pipeline_name]));
      else dependents.add(pipeline_name);
    }
    return upstreams.length > 0;
  }

  remove(pipeline_name: string): void {
    if (!this.#known.delete(pipeline_name)) return;
    for (const dependents of this.#downstream.values()) dependents.delete(pipeline_name);
  }

  /** Who depends on whom is to be asked again. */
  forget(pipeline_names: Iterable<string>): void {
    const names = [...pipeline_names];
    this.#known.clear();
    this.#downstream.clear();
    for (const name of names) this.add(name);
  }

  edges(): { pipeline_name: string; upstream: string }[] {
    const edges: { pipeline_name: string; upstream: string }[] = [];
    for (const [upstream, names] of this.#downstream)
      for (const pipeline_name of names) edges.push({ pipeline_name, upstream });
    return edges;
  }

  /** The pipelines given and all that depend on them. */
  withThose(pipeline_names: Iterable<string>): Set<string> {
    const found = new Set(pipeline_names);
    for (const name of found) for (const dependent of this.#downstream.get(name) ?? []) found.add(dependent);
    return found;
  }
}
