import { expect, test } from "vitest";
import type { GatePolicies } from "../../../src/domain/gate/policy/policy.ts";
import { Policies, policyVersion } from "../../../src/service/gate/policies.ts";

const entry = (pipeline_name: string, depends_on: string[], consumers = {}) => ({
  pipeline_name,
  policy: { depends_on },
  consumers,
});
const written = (...entries: GatePolicies["entries"]): GatePolicies => ({ defaults: {}, entries });

test("pipelines with the same content share one policy and its version, wherever it was written", () => {
  const policies = new Policies(written(entry("a", ["x"]), entry("b", ["x"]), entry("c", ["y"])));
  expect(policies.of("a")).toBe(policies.of("b"));
  expect(policies.of("a").policy_version).not.toBe(policies.of("c").policy_version);
  expect(new Policies(written(entry("z", ["x"]))).of("z").policy_version).toBe(policies.of("a").policy_version);
});

test("the order in which the keys are written makes no other version; that of a list does", () => {
  const { policy, policy_version } = new Policies(written(entry("a", ["x", "y"]))).of("a");
  const turned = Object.fromEntries(Object.entries(policy).toReversed()) as typeof policy;
  const quality = Object.fromEntries(Object.entries(policy.quality).toReversed()) as typeof policy.quality;
  expect(policyVersion({ ...turned, quality })).toBe(policy_version);
  expect(policyVersion({ ...policy, depends_on: ["y", "x"] })).not.toBe(policy_version);
});

test("a replaced policy holds at once, also for those who asked before", () => {
  const policies = new Policies(written(entry("a", ["x"], { bi: { run: "off" } })));
  expect([policies.of("a").policy.depends_on, policies.of("a", "bi").policy.run]).toEqual([["x"], "off"]);
  policies.replace(written(entry("a", ["y"])));
  expect([policies.of("a").policy.depends_on, policies.of("a", "bi").policy.run]).toEqual([["y"], "block"]);
});

test("a consumer's overlay is the consumer's alone", () => {
  const policies = new Policies(written(entry("a", [], { bi: { on_unknown: "allow" } })));
  const of = (consumer: string | null) => policies.of("a", consumer).policy.on_unknown;
  expect([of("bi"), of(null), of("ml"), of("bi")]).toEqual(["allow", "block", "block", "allow"]);
});
