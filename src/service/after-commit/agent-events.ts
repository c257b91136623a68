import type { Committed } from "../../domain/commit/committed.ts";
import type { AfterCommit } from "../../ports.ts";

export type AgentEvent =
  | { event: "run"; pipeline_name: string; data: Committed["run_changes"][number] }
  | { event: "verdict"; pipeline_name: string; data: Committed["features"][number] }
  /** The gate says something now, its upstreams taken in; who is told asks what. */
  | { event: "gate"; pipeline_name: string };

type Listener = (event: AgentEvent) => void;

/** Tells whoever listens what was committed. Who listens is called at once and does not keep others waiting. */
export class AgentEvents implements AfterCommit {
  readonly #listeners = new Set<Listener>();

  /** Answers how to stop listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  observe({ run_changes, features }: Committed): void {
    if (this.#listeners.size === 0) return;
    for (const data of run_changes) this.#tell({ event: "run", pipeline_name: data.pipeline_name, data });
    for (const data of features) this.#tell({ event: "verdict", pipeline_name: data.pipeline_name, data });
  }

  showGates(gates: readonly { pipeline_name: string }[]): void {
    if (this.#listeners.size === 0) return;
    for (const { pipeline_name } of gates) this.#tell({ event: "gate", pipeline_name });
  }

  #tell(event: AgentEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
