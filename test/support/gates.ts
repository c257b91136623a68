import { randomUUID } from "node:crypto";
import type { GatePolicies } from "../../src/domain/gate/policy/policy.ts";
import { Policies } from "../../src/service/gate/policies.ts";
import type { ChangeDeps } from "../../src/service/under-locks/change-under-locks.ts";
import { InDoubt } from "../../src/service/under-locks/in-doubt.ts";

/** What deciding needs; without policies of their own pipelines have the defaults. */
export function gateDeps(
  policies: GatePolicies = { defaults: {}, entries: [] },
): Pick<ChangeDeps, "policies" | "newDecisionId" | "doubt"> {
  return { policies: new Policies(policies), newDecisionId: randomUUID, doubt: new InDoubt() };
}
