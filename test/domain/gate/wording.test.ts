import { expect, test } from "vitest";
import {
  countText,
  numberText,
  psiText,
  pText,
  spanBeyond,
  spanText,
  timeText,
} from "../../../src/domain/gate/wording.ts";

test.each([
  [0, "0 ms"],
  [-5, "0 ms"],
  [450, "450 ms"],
  [1000, "1 s"],
  [61_500, "1 min 1 s"],
  [2 * 3_600_000 + 5 * 60_000 + 59_999, "2 h 5 min"],
  [26 * 3_600_000, "26 h"],
  [48 * 3_600_000, "2 d"],
  [75.5 * 3_600_000, "3 d 3 h"],
])("%d ms is %s", (ms, text) => expect(spanText(ms)).toBe(text));

test("a span beyond its limit never reads like the limit", () => {
  expect(spanBeyond(3_600_001, 3_600_000)).toBe("just over 1 h");
  expect(spanBeyond(3_660_000, 3_600_000)).toBe("1 h 1 min");
});

test.each([
  [0.91, 0.95, "0.91"],
  [0.9499, 0.95, "0.9499"],
  [0.9499999, 0.95, "0.9499999"],
  [0.1 + 0.2, 0.5, "0.3"],
  [0.1 + 0.2, 0.3, "0.30000000000000004"],
  [2 / 3, 0.9, "0.6667"],
  [0, 0.5, "0"],
])("%d beside %d is written %s", (value, limit, text) => expect(numberText(value, limit)).toBe(text));

test.each([
  [0.41234, 0.2, "0.412"],
  [0.2, 0.2, "0.200"],
  [0.2003, 0.2, "0.2003"],
  [0.19999999, 0.2, "0.19999999"],
])("a PSI of %d beside %d is written %s", (psi, threshold, text) => expect(psiText(psi, threshold)).toBe(text));

test.each([
  [0, "p < 0.0001"],
  [3.8e-306, "p < 0.0001"],
  [0.0001, "p = 0.0001"],
  [0.00213, "p = 0.0021"],
  [0.9997, "p > 0.99"],
])("a p of %d is written %s", (p, text) => expect(pText(p)).toBe(text));

test("counts have commas, times are UTC to the minute", () => {
  expect(countText(1_234_567)).toBe("1,234,567");
  expect(timeText(Date.UTC(2026, 10, 20, 2, 11, 59))).toBe("2026-11-20 02:11 UTC");
});
