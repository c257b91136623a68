import { describe, expect, it } from "vitest";
import { checkSchema } from "../../../../src/domain/gate/checks/schema.ts";
import type { PolicyOverlay } from "../../../../src/domain/gate/policy/policy.ts";
import { evidence, feature, lines, policy, schema } from "./evidence.ts";

const found = (schemas: ReturnType<typeof schema>[], overlay: PolicyOverlay = {}) =>
  lines(checkSchema(evidence({ schemas }), policy(overlay)).reasons);

const USERS = "user_id int64, amount float64";

describe("a schema", () => {
  it("that is as it was accepted gives no reason, and is something that was judged", () => {
    const result = checkSchema(evidence({ schemas: [schema(USERS, USERS)] }), policy());
    expect(result).toEqual({ reasons: [], valid_until: null, judged: true });
  });

  it("with nothing to hold it against was not judged", () => {
    expect(checkSchema(evidence({ schemas: [schema(null, USERS)] }), policy()).judged).toBe(false);
    expect(checkSchema(evidence(), policy()).judged).toBe(false);
  });

  it("blocks for what was declared or accepted, and warns for what was learned and what is new", () => {
    expect(found([schema(USERS, "userId int64, amount text, country text", { source: "declared" })])).toEqual([
      "block schema_changed user_id: Column user_id is gone and userId came, probably the same renamed; it was declared",
      "block schema_changed amount: Column amount is text now; it was declared as float64",
      "warn schema_changed country: Column country (text) is new",
    ]);
    expect(found([schema(USERS, "amount float64", { source: "learned" })])).toEqual([
      "warn schema_changed user_id: Column user_id (int64) is gone; the runs before had it",
    ]);
  });

  it("of another name than the pipeline names its dataset", () => {
    expect(found([schema("a int", "b int", { dataset: "raw" })])).toEqual([
      "block schema_changed raw/a: raw: column a (int) is gone; it was accepted",
      "warn schema_changed raw/b: raw: column b (int) is new",
    ]);
  });

  it("follows the policy, and the learned never does more than what was accepted", () => {
    const all = { schema: { removed: "warn", added: "off", learned: "block" } } as const;
    expect(found([schema("a int", "b int")], all).map((line) => line.split(" ")[0])).toEqual(["warn"]);
    expect(found([schema("a int", "b int", { source: "learned" })], all).map((line) => line.split(" ")[0])).toEqual([
      "warn",
    ]);
    const strict = { schema: { learned: "block" } } as const;
    expect(found([schema("a int", "b int", { source: "learned" })], strict)[0]).toMatch(/^block/);
    expect(
      found([schema("a int", "b int", { source: "learned" })], { schema: { learned: "off", added: "off" } }),
    ).toEqual([]);
  });

  it("names ten columns of a kind, and says how many more there are, as gravely as the gravest of them", () => {
    const many = (prefix: string) => Array.from({ length: 30 }, (_, i) => `${prefix}${i}_x int`).join(", ");
    const reasons = found([schema(many("left"), many("came_to_be"))]);
    expect(reasons).toHaveLength(21);
    expect(reasons.at(-1)).toBe("block schema_changed orders_daily: More columns changed: 20 removed, 20 added");
  });

  it("shows names that could not be seen", () => {
    expect(found([schema("a int,  int", "a int")])[0]).toContain('""');
  });

  it("says nothing again of a feature that drift already found to be of another kind", () => {
    const retyped = { verdict: "errored", mismatch: { retyped: true, detail: "of kind categorical" } } as const;
    const both = evidence({ schemas: [schema(USERS, "user_id text, amount text")], features: [feature(retyped)] });
    const subjects = (overlay: PolicyOverlay = {}) =>
      checkSchema(both, policy(overlay)).reasons.map(({ subject }) => subject);
    expect(subjects()).toEqual(["user_id"]);
    expect(subjects({ drift: { retyped: "off" } })).toEqual(["user_id", "amount"]);
  });
});
