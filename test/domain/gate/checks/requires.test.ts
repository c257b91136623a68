import { expect, test } from "vitest";
import { checkRequires } from "../../../../src/domain/gate/checks/requires.ts";
import { check, evidence, feature, going, lines, nothing, policy, stage } from "./evidence.ts";

const given = () =>
  evidence({
    checks: [check({ score: null })],
    stages: [stage("load", 0)],
    features: [feature({ verdict: "no_reference" })],
  });

test.each([
  ["nothing required", given(), {}, []],
  [
    "what has arrived, whatever it says",
    given(),
    { checks: ["null_rate"], stages: ["load"], features: ["amount"] },
    [],
  ],
  ["a glob that one of them matches", given(), { checks: ["null_*"] }, []],
  [
    "a check that never came",
    given(),
    { checks: ["null_rate", "row_hash"] },
    [
      "pending check_missing row_hash: The result of check row_hash has not arrived, the policy requires it: waiting for POST /v1/quality",
    ],
  ],
  [
    "a stage that never came",
    given(),
    { stages: ["transform"] },
    [
      "pending records_missing transform: The count of stage transform has not arrived, the policy requires it: waiting for POST /v1/records",
    ],
  ],
  [
    "a feature that never came",
    given(),
    { features: ["age"] },
    ["pending feature_missing age: Feature age has not arrived, the policy requires it: waiting for POST /v1/drift"],
  ],
  [
    "a feature that has a reference, of a run that ended well without it",
    { ...given(), referenced_features: ["age"] },
    { features: ["age", "a*e"] },
    [
      "block feature_missing age: Feature age has a reference and the policy requires it, but the run ended without it",
      "block feature_missing a*e: Feature a*e has a reference and the policy requires it, but the run ended without it",
    ],
  ],
  [
    "a feature that has a reference, of a run that is going on",
    { ...given(), referenced_features: ["age"], run: going() },
    { features: ["age"] },
    ["pending feature_missing age: Feature age has not arrived, the policy requires it: waiting for POST /v1/drift"],
  ],
  [
    "a glob that nothing matches, named twice",
    given(),
    { checks: ["gx.*", "gx.*"] },
    [
      "pending check_missing gx.*: The result of check gx.* has not arrived, the policy requires it: waiting for POST /v1/quality",
    ],
  ],
  [
    "a pipeline that was never heard of",
    nothing(),
    { checks: ["a"] },
    [
      "pending check_missing a: The result of check a has not arrived, the policy requires it: waiting for POST /v1/quality",
    ],
  ],
])("%s", (_what, evidenceGiven, requires, expected) => {
  const result = checkRequires(evidenceGiven, policy({ requires }));
  expect(lines(result.reasons)).toEqual(expected);
  expect(result.judged).toBe(false);
});
