import { expect, test } from "vitest";
import { checkRecords } from "../../../../src/domain/gate/checks/records.ts";
import type { StageEvidence } from "../../../../src/domain/gate/evidence/evidence.ts";
import type { RecordsPolicy } from "../../../../src/domain/gate/policy/policy.ts";
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
  ...["Load", "LOADED", "orders/load", "warehouse.Loaded", "dbt:load"].map(
    (name): [string, StageEvidence[], Partial<RecordsPolicy>, string[]] => [
      `nothing in ${name}`,
      [stage("extract", 5), stage(name, 0)],
      {},
      [`block records_zero ${name}: ${name} counted 0 records, at least 1 is required`],
    ],
  ),
  ["nothing in a stage that is only named like it", [stage("extract", 5), stage("preload", 0)], {}, []],
  [
    "nothing in the only stage that counts",
    [stage("extract", 0)],
    {},
    ["block records_zero extract: extract counted 0 records, and no other stage held any, at least 1 is required"],
  ],
  [
    "nothing in any stage, though some was rejected",
    [stage("extract", 0), stage("write", 0), stage("Dead-Letters", 7)],
    {},
    ["block records_zero -: All stages (extract, write) counted 0 records, at least 1 is required"],
  ],
  [
    "… where that warns",
    [stage("extract", 0), stage("write", 0)],
    { zero: "warn" },
    ["warn records_zero -: All stages (extract, write) counted 0 records, at least 1 is required"],
  ],
  [
    "nothing in a stage that held records in an earlier run",
    [stage("extract", 50_000), stage("write", 0, { held_rows: true })],
    {},
    ["block records_zero write: write counted 0 records and held some in an earlier run, at least 1 is required"],
  ],
  [
    "nothing in a stage that never held any",
    [stage("extract", 50_000), stage("write", 0, { held_rows: false })],
    {},
    [],
  ],
  ...["rejected", "failed", "errors", "dead_letter", "Dead-Letter-Queue", "load/quarantined", "duplicates.dropped"].map(
    (name): [string, StageEvidence[], Partial<RecordsPolicy>, string[]] => [
      `nothing in ${name}, which held some before`,
      [stage("extract", 5), stage(name, 0, { held_rows: true })],
      {},
      [],
    ],
  ),
  ["nothing but stages that may be 0", [stage("rejected", 0), stage("duplicates", 0)], {}, []],
  [
    "nothing in a stage that is said to be empty on some days",
    [stage("extract", 5), stage("updates", 0, { held_rows: true })],
    { may_be_zero: ["updates"] },
    [],
  ],
  [
    "only the stages of a list of the policy's, where it has one",
    [stage("load", 0, { held_rows: true }), stage("extract", 0)],
    { nonzero: ["extract"] },
    ["block records_zero extract: extract counted 0 records, at least 1 is required"],
  ],
  ["none of them, where the list is empty", [stage("load", 0, { held_rows: true })], { nonzero: [] }, []],
  [
    "a list of the policy's says more than may_be_zero",
    [stage("rejected", 0)],
    { nonzero: ["*"] },
    ["block records_zero rejected: rejected counted 0 records, at least 1 is required"],
  ],
  [
    "nothing in any stage, by a glob",
    [stage("a", 0)],
    { nonzero: ["*"], zero: "warn" },
    ["warn records_zero a: a counted 0 records, at least 1 is required"],
  ],
  ["nothing loaded, where that does not matter", [stage("load", 0)], { zero: "off" }, []],
])("%s", (_what, stages, records, expected) => {
  expect(lines(result(stages, records).reasons)).toEqual(expected);
});

test("a count was judged, unless the policy looks at none", () => {
  expect(result([stage("extract", 0)]).judged).toBe(true);
  expect(result([]).judged).toBe(false);
  expect(result([stage("extract", 1)], { below_minimum: "off", zero: "off" }).judged).toBe(false);
});
