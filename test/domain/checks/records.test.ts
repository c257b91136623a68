import { expect, test } from "vitest";
import { checkRecords } from "../../../src/domain/checks/records.ts";
import type { StageEvidence } from "../../../src/domain/evidence.ts";
import type { RecordsPolicy } from "../../../src/domain/policy.ts";
import { evidence, lines, policy, stage } from "./evidence.ts";

const result = (stages: StageEvidence[], records: Partial<RecordsPolicy> = {}) =>
  checkRecords(evidence({ stages }), policy({ records }));
const expected_min = 10_000;

test.each<[string, StageEvidence[], Partial<RecordsPolicy>, string[]]>([
  ["nothing reported", [], {}, []],
  ["exactly what was expected", [stage("load", 10_000, { expected_min })], {}, []],
  [
    "one less",
    [stage("load", 9_999, { expected_min })],
    {},
    ["block records_below_minimum load: load counted 9,999 records, at least 10,000 are expected"],
  ],
  [
    "one less, where that warns",
    [stage("load", 9_999, { expected_min })],
    { below_minimum: "warn" },
    ["warn records_below_minimum load: load counted 9,999 records, at least 10,000 are expected"],
  ],
  ["one less, where that does not matter", [stage("load", 9_999, { expected_min })], { below_minimum: "off" }, []],
  [
    "less than the policy's minimum",
    [stage("load", 500, { expected_min: 100 })],
    { minimum: [{ stage: "l*", count: 1000 }] },
    ["block records_below_minimum load: load counted 500 records, at least 1,000 are expected"],
  ],
  [
    "less than was expected, though the policy asks for less",
    [stage("load", 500, { expected_min: 1000 })],
    { minimum: [{ stage: "load", count: 100 }] },
    ["block records_below_minimum load: load counted 500 records, at least 1,000 are expected"],
  ],
  [
    "the most specific minimum holds",
    [stage("load", 500)],
    {
      minimum: [
        { stage: "*", count: 1000 },
        { stage: "load", count: 10 },
      ],
    },
    [],
  ],
  [
    "a stage with a minimum that was not reported",
    [stage("extract", 5)],
    { minimum: [{ stage: "load", count: 1000 }] },
    [
      "pending records_missing load: The count of stage load has not arrived, at least 1,000 records are expected: waiting for POST /v1/records",
    ],
  ],
  [
    "… where that warns",
    [],
    { below_minimum: "warn", minimum: [{ stage: "load", count: 1000 }] },
    [
      "warn records_missing load: The count of stage load has not arrived, at least 1,000 records are expected: waiting for POST /v1/records",
    ],
  ],
  ["… where that does not matter", [], { below_minimum: "off", minimum: [{ stage: "load", count: 1000 }] }, []],
  [
    "nothing loaded",
    [stage("load", 0)],
    {},
    ["block records_zero load: load counted 0 records, at least 1 is required"],
  ],
  ["nothing extracted, of which nothing is said", [stage("extract", 0)], {}, []],
  [
    "nothing in any stage, by a glob",
    [stage("a", 0)],
    { nonzero: ["*"], zero: "warn" },
    ["warn records_zero a: a counted 0 records, at least 1 is required"],
  ],
  ["nothing loaded, where that does not matter", [stage("load", 0)], { zero: "off" }, []],
])("%s", (_what, stages, records, expected) => {
  expect(lines(result(stages, records).findings)).toEqual(expected);
});

test("a count was judged, unless the policy looks at none", () => {
  expect(result([stage("extract", 0)]).judged).toBe(true);
  expect(result([]).judged).toBe(false);
  expect(result([stage("extract", 1)], { below_minimum: "off", zero: "off" }).judged).toBe(false);
});
