import { expect, test } from "vitest";
import { checkRejectedShare } from "../../../../src/domain/gate/checks/rejected-share.ts";
import type { StageEvidence } from "../../../../src/domain/gate/evidence/evidence.ts";
import type { RecordsPolicy } from "../../../../src/domain/gate/policy/policy.ts";
import { evidence, lines, policy, stage } from "./evidence.ts";

const result = (stages: StageEvidence[], records: Partial<RecordsPolicy> = {}) =>
  checkRejectedShare(evidence({ stages }), policy({ records }));

test.each<[string, StageEvidence[], Partial<RecordsPolicy>, string[]]>([
  ["nothing reported", [], {}, []],
  ["a stage that does not say what failed", [stage("load", 10)], {}, []],
  ["a stage in which nothing failed", [stage("load", 10, { failed: 0 })], {}, []],
  ["an empty stage in which nothing failed", [stage("load", 0, { failed: 0 })], {}, []],
  ["exactly one in twenty", [stage("load", 95, { failed: 5 })], {}, []],
  ["exactly 7 of 100, where 0.07 may", [stage("load", 93, { failed: 7 })], { rejected_share: 0.07 }, []],
  [
    "one more than one in twenty",
    [stage("load", 949, { failed: 51 })],
    {},
    ["warn records_rejected_share load: load rejected 51 of 1,000 records (5.1 %), at most 5 % is allowed"],
  ],
  [
    "a hair above it, told as that",
    [stage("load", 9_499_999, { failed: 500_001 })],
    {},
    [
      "warn records_rejected_share load: load rejected 500,001 of 10,000,000 records (5.00001 %), at most 5 % is allowed",
    ],
  ],
  [
    "… where that blocks",
    [stage("load", 90, { failed: 10 })],
    { rejected: "block" },
    ["block records_rejected_share load: load rejected 10 of 100 records (10 %), at most 5 % is allowed"],
  ],
  ["… where that does not matter", [stage("load", 90, { failed: 10 })], { rejected: "off" }, []],
  ["… where there is no limit", [stage("load", 90, { failed: 10 })], { rejected_share: null }, []],
  [
    "all of it",
    [stage("extract", 50_000), stage("write", 0, { failed: 50_000 })],
    {},
    ["block records_rejected_share write: write rejected all of its 50,000 records"],
  ],
  [
    "all of it, where a share does not matter",
    [stage("write", 0, { failed: 3 })],
    { rejected: "off", rejected_share: null },
    ["block records_rejected_share write: write rejected all of its 3 records"],
  ],
  [
    "all of it, where that is a share like any other",
    [stage("write", 0, { failed: 3 })],
    { all_rejected: "off" },
    ["warn records_rejected_share write: write rejected 3 of 3 records (100 %), at most 5 % is allowed"],
  ],
  [
    "all of it, where nothing matters",
    [stage("write", 0, { failed: 3 })],
    { rejected: "off", all_rejected: "off" },
    [],
  ],
  ["a stage that collects what failed", [stage("Dead-Letters", 0, { failed: 3 })], {}, []],
])("%s", (_what, stages, records, expected) => {
  expect(lines(result(stages, records).reasons)).toEqual(expected);
});

test("what is told is the share that was seen and the one that is allowed", () => {
  const [reason] = result([stage("load", 90, { failed: 10 })]).reasons;
  expect(reason).toMatchObject({ observed: 0.1, threshold: 0.05 });
});

test("something was judged where a stage said what failed", () => {
  expect(result([stage("load", 10, { failed: 0 })]).judged).toBe(true);
  expect(result([stage("load", 10)]).judged).toBe(false);
  expect(result([stage("load", 10, { failed: 0 })], { rejected: "off", all_rejected: "off" }).judged).toBe(false);
});
