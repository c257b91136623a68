import { expect, test } from "vitest";
import { checkStageRatio } from "../../../../src/domain/gate/checks/stage-ratio.ts";
import type { RecordsPolicy } from "../../../../src/domain/gate/policy/policy.ts";
import { evidence, lines, policy, stage } from "./evidence.ts";

const result = (load: number | null, transform: number | null, records: Partial<RecordsPolicy> = {}) => {
  const stages = [
    load === null ? [] : stage("load", load),
    transform === null ? [] : stage("transform", transform),
  ].flat();
  return checkStageRatio(evidence({ stages }), policy({ records }));
};
const RANGE = "0.95 to 1.05 is allowed";

test.each<[string, number | null, number | null, Partial<RecordsPolicy>, string[]]>([
  ["all of them arrived", 48_000, 48_000, {}, []],
  ["exactly the least part", 19, 20, {}, []],
  ["exactly the greatest part", 21, 20, {}, []],
  [
    "too few",
    45_000,
    48_000,
    {},
    [
      `block stage_ratio_out_of_range load/transform: load counted 45,000 records of the 48,000 of transform, a ratio of 0.9375, ${RANGE}`,
    ],
  ],
  [
    "one too few of very many",
    949_999,
    1_000_000,
    {},
    [
      `block stage_ratio_out_of_range load/transform: load counted 949,999 records of the 1,000,000 of transform, a ratio of 0.949999, ${RANGE}`,
    ],
  ],
  [
    "too many",
    51_000,
    48_000,
    { ratio: "warn" },
    [
      `warn stage_ratio_out_of_range load/transform: load counted 51,000 records of the 48,000 of transform, a ratio of 1.063, ${RANGE}`,
    ],
  ],
  [
    "none of some",
    0,
    48_000,
    {},
    [
      `block stage_ratio_out_of_range load/transform: load counted 0 records of the 48,000 of transform, a ratio of 0, ${RANGE}`,
    ],
  ],
  [
    "some of none",
    5,
    0,
    {},
    [
      `block stage_ratio_out_of_range load/transform: load counted 5 records of the 0 of transform: there is no ratio to 0 records, ${RANGE}`,
    ],
  ],
  [
    "none of none",
    0,
    0,
    {},
    [
      `block stage_ratio_out_of_range load/transform: load counted 0 records of the 0 of transform: there is no ratio to 0 records, ${RANGE}`,
    ],
  ],
  ["one of the two not reported", 5, null, {}, []],
  ["the other not reported", null, 5, {}, []],
  ["no ratios", 0, 5, { ratios: [] }, []],
  ["looked away from", 0, 5, { ratio: "off" }, []],
])("%s", (_what, load, transform, records, expected) => {
  expect(lines(result(load, transform, records).reasons)).toEqual(expected);
});

test("the numbers: the ratio, and the bound that it is beyond", () => {
  expect(result(45, 48).reasons[0]).toMatchObject({ observed: 45 / 48, threshold: 0.95 });
  expect(result(96, 48).reasons[0]).toMatchObject({ observed: 2, threshold: 1.05 });
  expect(result(1, 0).reasons[0]).toMatchObject({ observed: null, threshold: 0.95 });
});

test("something was judged where both were reported", () => {
  expect([result(1, 1), result(1, null), result(1, 1, { ratio: "off" })].map(({ judged }) => judged)).toEqual([
    true,
    false,
    false,
  ]);
});
