import { describe, expect, test } from "vitest";
import { checkDrift } from "../../../../src/domain/gate/checks/drift.ts";
import type { Evidence, FeatureEvidence } from "../../../../src/domain/gate/evidence/evidence.ts";
import type { DriftPolicy, PolicyOverlay } from "../../../../src/domain/gate/policy/policy.ts";
import { evidence, feature, lines, policy, run } from "./evidence.ts";

const result = (features: FeatureEvidence[], drift: Partial<DriftPolicy> = {}, referenced_features: string[] = []) =>
  checkDrift(evidence({ features, referenced_features }), policy({ drift }));

const drifted = () => feature({ verdict: "drifted", psi: 0.31, p_value: 1.234e-9 });
const DRIFTED =
  "feature_drifted amount: amount drifted: its PSI of 0.31 on 48,000 rows is above 0.2, and that is not chance (p < 0.0001)";
const inconclusive = () => feature({ verdict: "inconclusive", psi: 0.31, p_value: 0.2, n_current: 40 });
const INCONCLUSIVE =
  "feature_inconclusive amount: amount cannot be judged on 40 rows: with so few, here or in its reference, chance alone can bring the PSI above 0.2 (it is 0.31)";
const LEFT_OUT = "feature_missing age: age has a reference, but the run did not report it with its other features";

describe("a feature", () => {
  test.each<[string, FeatureEvidence, Partial<DriftPolicy>, string[]]>([
    ["stable", feature(), {}, []],
    ["drifted", drifted(), {}, [`block ${DRIFTED}`]],
    ["drifted, where that warns", drifted(), { drifted: "warn" }, [`warn ${DRIFTED}`]],
    ["drifted, where that does not matter", drifted(), { drifted: "off" }, []],
    [
      "drifted, of which no p-value is known",
      feature({ verdict: "drifted", psi: 0.2000001, p_value: null }),
      {},
      [
        "block feature_drifted amount: amount drifted: its PSI of 0.2000001 on 48,000 rows is above 0.2, and that is not chance",
      ],
    ],
    [
      "drifted by far",
      feature({ verdict: "drifted", psi: 12.5, p_value: 0 }),
      {},
      [
        "block feature_drifted amount: amount drifted: its PSI of 12.5 on 48,000 rows is above 0.2, and that is not chance (p < 0.0001)",
      ],
    ],
    [
      "without rows",
      feature({ verdict: "no_data", psi: null, p_value: null, n_current: 0 }),
      {},
      ["block feature_no_data amount: amount was reported with 0 rows, so there is nothing to compare"],
    ],
    [
      "with an empty reference",
      feature({ verdict: "no_data", psi: null, p_value: null }),
      { no_data: "warn" },
      [
        "warn feature_no_data amount: amount was reported with 48,000 rows, but there is nothing to compare them with: its reference has 0",
      ],
    ],
    [
      "drifted, by a p that can be read as it is",
      feature({ verdict: "drifted", psi: 0.31, p_value: 0.00213 }),
      {},
      [
        "block feature_drifted amount: amount drifted: its PSI of 0.31 on 48,000 rows is above 0.2, and that is not chance (p = 0.0021)",
      ],
    ],
    [
      "drifted, by a p that is the least there is in a double",
      feature({ verdict: "drifted", psi: 2.1, p_value: 3.8e-306 }),
      {},
      [
        "block feature_drifted amount: amount drifted: its PSI of 2.1 on 48,000 rows is above 0.2, and that is not chance (p < 0.0001)",
      ],
    ],
    [
      "with too few rows and no difference at all",
      feature({ verdict: "inconclusive", psi: 0, p_value: 1, n_current: 12 }),
      {},
      [
        "warn feature_inconclusive amount: amount cannot be judged on 12 rows: with so few, here or in its reference, chance alone can bring the PSI above 0.2 (it is 0)",
      ],
    ],
    ["with too few rows", inconclusive(), {}, [`warn ${INCONCLUSIVE}`]],
    ["with too few rows, where that blocks", inconclusive(), { inconclusive: "block" }, [`block ${INCONCLUSIVE}`]],
    [
      "without a reference",
      feature({ verdict: "no_reference", psi: null, p_value: null, feature_name: "a b" }),
      {},
      [
        "warn feature_missing a b: a b has no reference to compare it with: set one with PUT /v1/references/{pipeline_name}/a%20b",
      ],
    ],
    ["without a reference, where that does not matter", feature({ verdict: "no_reference" }), { missing: "off" }, []],
    [
      "with a rule of its own",
      drifted(),
      {
        features: [
          { feature_name: "*", drifted: "off" },
          { feature_name: "am*", drifted: "warn" },
        ],
      },
      [`warn ${DRIFTED}`],
    ],
    [
      "with a rule of its own about something else",
      drifted(),
      { features: [{ feature_name: "amount", missing: "off" }] },
      [`block ${DRIFTED}`],
    ],
  ])("%s", (_what, of, drift, expected) => {
    expect(lines(result([of], drift).reasons)).toEqual(expected);
  });

  test("that has a reference is missed when the run reported others, or ended without any", () => {
    expect(lines(result([feature()], {}, ["age", "amount"]).reasons)).toEqual([`warn ${LEFT_OUT}`]);
    expect(lines(result([feature()], { missing: "block" }, ["age"]).reasons)).toEqual([`block ${LEFT_OUT}`]);
    expect(result([feature()], { features: [{ feature_name: "age", missing: "off" }] }, ["age"]).reasons).toEqual([]);
    const none = (more: Partial<Evidence>, drift: Partial<DriftPolicy> = {}, features: string[] = []) =>
      lines(
        checkDrift(
          evidence({ features: [], referenced_features: ["age"], ...more }),
          policy({ drift, requires: { features } }),
        ).reasons,
      );
    const without = "feature_missing age: age has a reference, but the run reported no feature";
    expect(none({})).toEqual([`warn ${without}`]);
    const usual_features = ["age"];
    expect(none({ usual_features })).toEqual([`block ${without}; each of the 8 runs before that went well had it`]);
    expect(none({ usual_features }, { missing: "off" })).toEqual([]);
    expect(none({}, {}, ["age"])).toEqual([]);
    for (const status of ["started", "retrying", "failed", "skipped", "cancelled", "unknown"] as const) {
      expect(none({ run: run({ status, ended: false }), usual_features })).toEqual([]);
    }
  });

  test("of another kind than its reference has changed; one that does not fit otherwise could not be judged", () => {
    const errored = (retyped: boolean, detail: string, more: PolicyOverlay = {}) => {
      const feature_ = feature({ verdict: "errored", psi: null, p_value: null, mismatch: { detail, retyped } });
      const { reasons, judged } = checkDrift(evidence({ features: [feature_] }), policy(more));
      return [...lines(reasons), judged];
    };
    const text = "of kind categorical, its reference of kind numeric";
    const changed = `schema_changed amount: amount is of another kind than its reference: ${text}`;
    expect(errored(true, text)).toEqual([`block ${changed}`, true]);
    expect(errored(true, text, { drift: { retyped: "warn" }, rejected: "off" })).toEqual([`warn ${changed}`, true]);
    expect(errored(true, text, { drift: { retyped: "off" } })).toEqual([false]);
    const bins = "counts: the reference has 5 bins, 2 counts were given";
    const unjudged = `report_rejected amount: amount could not be judged (reference_mismatch): ${bins}`;
    expect(errored(false, bins)).toEqual([`unknown ${unjudged}`, false]);
    expect(errored(false, bins, { rejected: "block" })).toEqual([`block ${unjudged}`, false]);
    expect(errored(false, bins, { rejected: "off" })).toEqual([false]);
  });
});

test("a verdict was judged when the policy looks at it; no reference is no verdict", () => {
  const judged = (verdict: FeatureEvidence["verdict"], drift: Partial<DriftPolicy> = {}) =>
    result([feature({ verdict })], drift).judged;
  expect([judged("stable"), judged("drifted"), judged("no_data"), judged("inconclusive")]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(judged("no_reference", { missing: "block" })).toBe(false);
  expect(judged("stable", { drifted: "off" })).toBe(false);
  expect(judged("no_data", { no_data: "off" })).toBe(false);
  expect(judged("inconclusive", { inconclusive: "off" })).toBe(false);
});
