import { describe, expect, test } from "vitest";
import { checkQuality } from "../../../../src/domain/gate/checks/quality.ts";
import type { QualityPolicy } from "../../../../src/domain/gate/policy/policy.ts";
import { check, evidence, lines, policy } from "./evidence.ts";

const say = (over: Parameters<typeof check>[0], quality: Partial<QualityPolicy> = {}) =>
  lines(checkQuality(evidence({ checks: [check(over)] }), policy({ quality })).reasons);

describe("a check", () => {
  test.each([
    ["exactly at its threshold", { score: 0.95 }, {}, []],
    [
      "just below it",
      { score: 0.9499 },
      {},
      ["block quality_below_threshold null_rate: null_rate scored 0.9499, 0.95 is required"],
    ],
    [
      "below it by less than four digits show",
      { score: 0.94999999 },
      {},
      ["block quality_below_threshold null_rate: null_rate scored 0.94999999, 0.95 is required"],
    ],
    [
      "of severity warn",
      { score: 0.5, severity: "warn" },
      {},
      ["warn quality_below_threshold null_rate: null_rate scored 0.5, 0.95 is required"],
    ],
    [
      "of severity warn, where warnings block",
      { score: 0.5, severity: "warn" },
      { warned: "block" },
      ["block quality_below_threshold null_rate: null_rate scored 0.5, 0.95 is required"],
    ],
    [
      "where failures warn",
      { score: 0.5 },
      { failed: "warn" },
      ["warn quality_below_threshold null_rate: null_rate scored 0.5, 0.95 is required"],
    ],
    ["where failures do not matter", { score: 0.5 }, { failed: "off" }, []],
    [
      "that could not be computed",
      { score: null, error: "no such column" },
      {},
      ["unknown check_errored null_rate: null_rate could not be computed: no such column (0.95 is required)"],
    ],
    [
      "that could not be computed, where that warns",
      { score: null },
      { errored: "warn" },
      ["warn check_errored null_rate: null_rate could not be computed (0.95 is required)"],
    ],
    ["that could not be computed, where that does not matter", { score: null }, { errored: "off" }, []],
    [
      "of severity warn that could not be computed does no more than when it fails",
      { score: null, severity: "warn" },
      {},
      ["warn check_errored null_rate: null_rate could not be computed (0.95 is required)"],
    ],
  ] as const)("%s", (_what, over, quality, expected) => {
    expect(say(over, quality)).toEqual(expected);
  });

  test.each([
    [
      "a higher minimum counts",
      0.97,
      [{ check_name: "null_rate", minimum: 0.99 }],
      ["block null_rate scored 0.97, 0.99 is required"],
    ],
    [
      "a lower minimum does not loosen what was reported",
      0.93,
      [{ check_name: "null_rate", minimum: 0.9 }],
      ["block null_rate scored 0.93, 0.95 is required"],
    ],
    [
      "an effect of its own",
      0.93,
      [{ check_name: "null_*", effect: "warn" }],
      ["warn null_rate scored 0.93, 0.95 is required"],
    ],
    [
      "the most specific rule holds, alone",
      0.97,
      [
        { check_name: "*", minimum: 1 },
        { check_name: "null_*", effect: "warn" },
      ],
      [],
    ],
    ["looked away from", 0, [{ check_name: "null_rate", effect: "off" }], []],
  ] as const)("a rule for it: %s", (_what, score, checks, expected) => {
    const { reasons } = checkQuality(
      evidence({ checks: [check({ score })] }),
      policy({ quality: { checks: [...checks] } }),
    );
    expect(reasons.map(({ severity, detail }) => `${severity} ${detail}`)).toEqual(expected);
  });

  test.each([
    ["with a minimum is waited for", { check_name: "row_hash", minimum: 0.9 }, ["pending check_missing row_hash"]],
    [
      "with a minimum that warns, warns",
      { check_name: "row_hash", minimum: 0.9, effect: "warn" },
      ["warn check_missing row_hash"],
    ],
    ["with a minimum that is off, is not", { check_name: "row_hash", minimum: 0.9, effect: "off" }, []],
    ["with an effect alone is not", { check_name: "row_hash", effect: "block" }, []],
    ["by a glob is not", { check_name: "row_*", minimum: 0.9 }, []],
  ] as const)("that the policy names %s", (_what, rule, expected) => {
    const { reasons } = checkQuality(evidence({ checks: [check()] }), policy({ quality: { checks: [rule] } }));
    expect(reasons.map(({ severity, code, subject }) => `${severity} ${code} ${subject}`)).toEqual(expected);
  });
});

test("a missing check says what it has to score", () => {
  const quality = { checks: [{ check_name: "row_hash", minimum: 0.9 }] };
  expect(checkQuality(evidence(), policy({ quality })).reasons[0]!.detail).toBe(
    "The result of check row_hash has not arrived, the policy requires it to score 0.9: waiting for POST /v1/quality",
  );
});

test("something was judged when there was a score that the policy looks at", () => {
  const judged = (over: Parameters<typeof check>[0], quality: Partial<QualityPolicy> = {}) =>
    checkQuality(evidence({ checks: [check(over)] }), policy({ quality })).judged;
  expect(judged({})).toBe(true);
  expect(judged({ score: 0 })).toBe(true);
  expect(judged({ score: null })).toBe(false);
  expect(judged({}, { failed: "off" })).toBe(false);
  expect(judged({ severity: "warn" }, { warned: "off" })).toBe(false);
});
