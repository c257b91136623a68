import { expect, test } from "vitest";
import { checkFreshness } from "../../../../src/domain/gate/checks/freshness.ts";
import type { FreshnessPolicy } from "../../../../src/domain/gate/policy/policy.ts";
import { asking, evidence, lines, MINUTE, NOW, policy } from "./evidence.ts";

const HOUR = 60 * MINUTE;
type Known = Record<string, number>;
/** `known`: how many milliseconds the datasets lie behind. */
const result = (known: Known, freshness: Partial<FreshnessPolicy>, now = NOW) => {
  const data = Object.entries(known).map(([dataset, lag]) => ({ dataset, data_through: NOW - lag }));
  return checkFreshness(evidence({ freshness: data }), policy({ freshness }), asking({ now }));
};
const STALE = "data_stale orders: The data of orders ends at 2026-11-19 01:00 UTC, 27 h ago, at most 26 h is allowed";

test.each<[string, Known, Partial<FreshnessPolicy>, string[]]>([
  ["no limit", { orders: 99 * HOUR }, {}, []],
  ["exactly at the limit", { orders: 26 * HOUR }, { max_lag: 26 * HOUR }, []],
  ["past it", { orders: 27 * HOUR }, { max_lag: 26 * HOUR }, [`block ${STALE}`]],
  [
    "past it by a moment",
    { orders: 26 * HOUR + 1 },
    { max_lag: 26 * HOUR },
    [
      "block data_stale orders: The data of orders ends at 2026-11-19 01:59 UTC, just over 26 h ago, at most 26 h is allowed",
    ],
  ],
  ["past it, where that warns", { orders: 27 * HOUR }, { max_lag: 26 * HOUR, stale: "warn" }, [`warn ${STALE}`]],
  ["past it, where that does not matter", { orders: 27 * HOUR }, { max_lag: 26 * HOUR, stale: "off" }, []],
  ["of the future", { orders: -HOUR }, { max_lag: HOUR }, []],
  [
    "nothing known",
    {},
    { max_lag: 26 * HOUR },
    [
      "unknown data_stale -: It is not known how far the data reaches, it may lie at most 26 h back: send POST /v1/freshness",
    ],
  ],
  [
    "nothing known, where that warns",
    {},
    { max_lag: 26 * HOUR, stale: "warn" },
    [
      "warn data_stale -: It is not known how far the data reaches, it may lie at most 26 h back: send POST /v1/freshness",
    ],
  ],
  [
    "one of two named datasets not known",
    { orders: HOUR },
    { max_lag: 26 * HOUR, datasets: ["orders", "lines"] },
    [
      "unknown data_stale lines: It is not known how far the data of lines reaches, it may lie at most 26 h back: send POST /v1/freshness",
    ],
  ],
  [
    "a stale dataset that is not named",
    { orders: HOUR, scratch: 99 * HOUR },
    { max_lag: 26 * HOUR, datasets: ["ord*"] },
    [],
  ],
  [
    "several days",
    { orders: 75 * HOUR },
    { max_lag: 48 * HOUR },
    ["block data_stale orders: The data of orders ends at 2026-11-17 01:00 UTC, 3 d 3 h ago, at most 2 d is allowed"],
  ],
])("%s", (_what, known, freshness, expected) => {
  expect(lines(result(known, freshness).reasons)).toEqual(expected);
});

test("fresh data goes stale at the millisecond that was foretold, the oldest first", () => {
  const known = { orders: HOUR, lines: 2 * HOUR };
  const { valid_until } = result(known, { max_lag: 26 * HOUR });
  expect(result(known, { max_lag: 26 * HOUR }, valid_until! - 1).reasons).toEqual([]);
  expect(result(known, { max_lag: 26 * HOUR }, valid_until!).reasons.map(({ subject }) => subject)).toEqual(["lines"]);
});

test("data was judged when its reach is known and looked at", () => {
  expect(result({ a: 0 }, { max_lag: 1 }).judged).toBe(true);
  expect(result({}, { max_lag: 1 }).judged).toBe(false);
  expect(result({ a: 0 }, {}).judged).toBe(false);
  expect(result({ a: 0 }, { max_lag: 1, datasets: ["b"] }).judged).toBe(false);
});
