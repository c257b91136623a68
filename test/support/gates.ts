import { randomUUID } from "node:crypto";
import type { GatePolicies } from "../../src/domain/gate/policy/policy.ts";
import type { GateDeps } from "../../src/service/gate/decide/decide-gates.ts";
import { Policies } from "../../src/service/gate/policies.ts";

/** What deciding needs; without policies of their own pipelines have the defaults. */
export function gateDeps(policies: GatePolicies = { defaults: {}, entries: [] }): GateDeps {
  return { policies: new Policies(policies), newDecisionId: randomUUID };
}
