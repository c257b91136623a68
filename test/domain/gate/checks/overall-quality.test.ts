import { expect, test } from "vitest";
import { checkOverallQuality } from "../../../../src/domain/gate/checks/overall-quality.ts";
import type { QualityPolicy } from "../../../../src/domain/gate/policy/policy.ts";
import { check, evidence, lines, policy } from "./evidence.ts";

type Given = [score: number | null, severity?: "error" | "warn", check_name?: string];
const result = (given: readonly Given[], quality: Partial<QualityPolicy> = {}) => {
  const checks = given.map(([score, severity = "error", check_name = "c"], i) =>
    check({ check_name: `${check_name}${i}`, score, severity, threshold: 0 }),
  );
  return checkOverallQuality(evidence({ checks }), policy({ quality }));
};

test.each<[string, Given[], Partial<QualityPolicy>, string[]]>([
  ["no checks", [], {}, []],
  ["a mean at the minimum", [[0.8], [1]], {}, []],
  ["a mean that only binary fractions put below it (0.85 + 0.95)", [[0.85], [0.95]], {}, []],
  ["ten scores at the minimum", Array.from({ length: 10 }, (): Given => [0.9]), {}, []],
  [
    "a mean below it",
    [[0.8], [0.9], [0.9]],
    {},
    ["block overall_quality_below_minimum -: The mean score of the 3 checks is 0.8667, 0.9 is required"],
  ],
  [
    "a mean that four digits do not tell from it",
    [[0.89996], [0.9]],
    {},
    ["block overall_quality_below_minimum -: The mean score of the 2 checks is 0.89998, 0.9 is required"],
  ],
  [
    "one check",
    [[0.5]],
    { overall: "warn" },
    ["warn overall_quality_below_minimum -: The mean score of the one check is 0.5, 0.9 is required"],
  ],
  ["warnings and checks without a score are no part of it", [[1], [0, "warn"], [null]], {}, []],
  [
    "a check that a rule makes block is, one that a rule makes warn is not",
    [
      [0.5, "warn", "a"],
      [0, "error", "b"],
    ],
    {
      checks: [
        { check_name: "a*", effect: "block" },
        { check_name: "b*", effect: "warn" },
      ],
    },
    ["block overall_quality_below_minimum -: The mean score of the one check is 0.5, 0.9 is required"],
  ],
  ["not looked at", [[0.1]], { minimum: null }, []],
  ["looked away from", [[0.1]], { overall: "off" }, []],
])("%s", (_what, given, quality, expected) => {
  expect(lines(result(given, quality).reasons)).toEqual(expected);
});

test("something was judged when there was a mean", () => {
  expect(result([[1]]).judged).toBe(true);
  expect(result([[null], [1, "warn"]]).judged).toBe(false);
  expect(result([[1]], { minimum: null }).judged).toBe(false);
});
