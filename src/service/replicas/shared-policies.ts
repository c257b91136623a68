import type { GatePolicies } from "../../domain/gate/policy/policy.ts";
import type { Log, PolicyStore } from "../../ports.ts";
import { policiesHash } from "../gate/policies.ts";

export interface SharedPoliciesDeps {
  store: PolicyStore;
  /** No other agent works on the database. */
  alone: () => boolean;
  /** Other policies hold from now on. */
  replace: (policies: GatePolicies) => Promise<void>;
  log: Log;
}

/**
 * Agents on one database decide by the same policies, whatever their files say: of what those that work have loaded, what was
 * first seen last. So a rollout changes them once, a restart with an older file changes nothing, and where nobody has the newer file any more the
 * older one holds again.
 */
export class SharedPolicies {
  readonly #deps: SharedPoliciesDeps;
  #own: string;
  #held: string;
  /** Read from the file, and not stored yet. */
  #unstored: GatePolicies | null = null;

  /** `policies`: those of the file, which hold until something else is read. */
  constructor(deps: SharedPoliciesDeps, policies: GatePolicies) {
    this.#deps = deps;
    this.#own = policiesHash(policies);
    this.#held = this.#own;
  }

  /**
   * The file says this now. Throws StoreError: where there are other agents what held before holds then, until a later look can store
   * it; an agent that is alone asks nobody.
   */
  async load(policies: GatePolicies): Promise<void> {
    this.#own = policiesHash(policies);
    this.#unstored = policies;
    if (this.#deps.alone() && this.#held !== this.#own) {
      this.#held = this.#own;
      await this.#deps.replace(policies);
    }
    await this.look();
  }

  /** Whether this agent decides by what another has loaded. */
  get follows(): boolean {
    return this.#held !== this.#own;
  }

  /** Takes on what holds for all. Throws StoreError. */
  async look(): Promise<void> {
    if (this.#unstored !== null) {
      await this.#deps.store.loadPolicies({ hash: this.#own, content: this.#unstored });
      this.#unstored = null;
    }
    const found = await this.#deps.store.policiesInForce(this.#held);
    if (found === null) return;
    this.#held = found.hash;
    if (this.follows)
      this.#deps.log.warn({}, "another agent has newer policies; this one decides by them, not by its file");
    else this.#deps.log.info({}, "the policies of this agent's file hold");
    await this.#deps.replace(found.content);
  }
}
