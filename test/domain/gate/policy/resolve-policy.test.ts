import { describe, expect, test } from "vitest";
import { DEFAULT_POLICY, type GatePolicies } from "../../../../src/domain/gate/policy/policy.ts";
import { resolvePolicy } from "../../../../src/domain/gate/policy/resolve-policy.ts";

const policies: GatePolicies = {
  defaults: { max_age: 5, quality: { minimum: 0.8 } },
  entries: [
    { pipeline_name: "orders_*", policy: { run: "warn" }, consumers: {} },
    {
      pipeline_name: "orders_daily",
      policy: { quality: { overall: "warn" }, records: { minimum: [{ stage: "load", count: 10_000 }] } },
      consumers: {
        ml: { quality: { minimum: 0.99 }, requires: { checks: ["null_rate"] } },
        bi: { drift: { drifted: "warn" } },
      },
    },
  ],
};

describe("the policy of a pipeline", () => {
  test("without a file is the default", () => {
    expect(resolvePolicy({ defaults: {}, entries: [] }, "x", "ml")).toEqual(DEFAULT_POLICY);
  });

  test("is the most specific entry over the defaults, not over the other entries", () => {
    expect(resolvePolicy(policies, "orders_daily", null)).toEqual({
      ...DEFAULT_POLICY,
      max_age: 5,
      quality: { ...DEFAULT_POLICY.quality, minimum: 0.8, overall: "warn" },
      records: { ...DEFAULT_POLICY.records, minimum: [{ stage: "load", count: 10_000 }] },
    });
    expect(resolvePolicy(policies, "orders_hourly", null)).toMatchObject({
      run: "warn",
      quality: { overall: "block" },
    });
  });

  test("is seen by a consumer with its own overlay on top, by others without", () => {
    expect(resolvePolicy(policies, "orders_daily", "ml")).toMatchObject({
      quality: { minimum: 0.99, overall: "warn" },
      requires: { checks: ["null_rate"], stages: [] },
    });
    const others = [null, "nobody", "constructor", "__proto__"].map((who) =>
      resolvePolicy(policies, "orders_daily", who),
    );
    for (const other of others) expect(other).toEqual(others[0]);
  });
});
