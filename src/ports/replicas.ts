import type { Committed } from "../domain/commit/committed.ts";

/** What an agent beside others reads of them. Throws `StoreError`, see Store. */
export interface ReplicaStore {
  /** The stored decisions of these pipelines, and which of them are archived. */
  restoreGates(names: readonly string[]): Promise<Committed>;
  /** Deletes the changes that every agent has heard of. */
  trimChanges(): Promise<void>;
}
