import { createHash } from "node:crypto";
import type { GatePolicies, GatePolicy } from "../../domain/gate/policy/policy.ts";
import { resolvePolicy } from "../../domain/gate/policy/resolve-policy.ts";
import { join } from "../../domain/words/key.ts";

/** Past this many the cache is emptied: it holds what is in use, not what ever was asked for. */
const MOST_CACHED = 200_000;

export interface VersionedPolicy {
  /** Hash of the content: the same policy has the same version, wherever it was written. */
  policy_version: string;
  policy: GatePolicy;
}

/** The policies that hold now. They are replaced as a whole. */
export class Policies {
  #policies: GatePolicies;
  readonly #resolved = new Map<string, VersionedPolicy>();
  /** Many pipelines share one policy. */
  readonly #byContent = new Map<string, VersionedPolicy>();

  constructor(policies: GatePolicies) {
    this.#policies = policies;
  }

  replace(policies: GatePolicies): void {
    this.#policies = policies;
    this.#forget();
  }

  of(pipeline_name: string, consumer: string | null = null): VersionedPolicy {
    const key = consumer === null ? pipeline_name : join(pipeline_name, consumer);
    let known = this.#resolved.get(key);
    if (known === undefined) {
      if (this.#resolved.size >= MOST_CACHED) this.#forget();
      known = this.#shared(resolvePolicy(this.#policies, pipeline_name, consumer));
      this.#resolved.set(key, known);
    }
    return known;
  }

  #shared(policy: GatePolicy): VersionedPolicy {
    const content = canonicalJson(policy);
    let known = this.#byContent.get(content);
    if (known === undefined) {
      known = { policy_version: versionOf(content), policy };
      this.#byContent.set(content, known);
    }
    return known;
  }

  #forget(): void {
    this.#resolved.clear();
    this.#byContent.clear();
  }
}

/** Names all policies of a file by their content. */
export function policiesHash(policies: GatePolicies): string {
  return versionOf(canonicalJson(policies));
}

export function policyVersion(policy: GatePolicy): string {
  return versionOf(canonicalJson(policy));
}

function versionOf(content: string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
