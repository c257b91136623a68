import { expect, test } from "vitest";
import { promoted } from "../../../src/domain/drift/rule.ts";
import type { Distribution, NumericHistogram } from "../../../src/histogram/distribution.ts";

const reference: NumericHistogram = {
  kind: "numeric",
  edges: [-1, 0.5, 9],
  counts: [90, 10],
  nulls: 0,
  rule: 2,
  summary: { min: 0, max: 8, spikes: [0] },
};
const outside = { below: 0, above: 3, inf: 1, neg_inf: 0 };
const current: NumericHistogram = {
  ...reference,
  counts: [80, 20],
  summary: { min: 0, max: 12, outside },
};

test("rows that become the reference keep its spikes, and are outside of nothing", () => {
  expect(promoted(current, reference)).toEqual({
    ...current,
    rule: 2,
    summary: { min: 0, max: 12, spikes: [0], outside: { inf: 1, neg_inf: 0 } },
  });
});

test("on other bins the spikes are not theirs", () => {
  const { summary } = promoted({ ...current, edges: [0, 4, 9] }, reference) as NumericHistogram;
  expect(summary).not.toHaveProperty("spikes");
});

test("names and counts by position are judged by the rule of today from then on", () => {
  const names: Distribution = { kind: "categorical", categories: ["a"], counts: [3], nulls: 0 };
  expect(promoted(names, null)).toEqual({ ...names, rule: 2 });
});
