import type { Committed } from "../domain/commit/committed.ts";
import type { GatePolicies } from "../domain/gate/policy/policy.ts";

/** What an agent beside others reads of them. Throws `StoreError`, see Store. */
export interface ReplicaStore {
  /** The stored decisions of these pipelines, and which of them are archived. */
  restoreGates(names: readonly string[]): Promise<Committed>;
  /** Deletes the changes that every agent has heard of. */
  trimChanges(): Promise<void>;
}

/** The policies of a file, under the hash of their content. */
export interface PolicySet {
  hash: string;
  content: GatePolicies;
}

/** Which policies hold for all agents on the database. Throws `StoreError`, see Store. */
export interface PolicyStore {
  /** Those of this agent's file. */
  loadPolicies(set: PolicySet): Promise<void>;
  /** What holds for all; null: what goes by this hash, or nothing is known. */
  policiesInForce(known: string): Promise<PolicySet | null>;
}
