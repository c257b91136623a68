import { expect, test } from "vitest";
import { growthExponents, stepsOf } from "../../bench/growth/exponents.ts";

test("what does not grow has exponent 0, what grows as the store 1, what grows as its square 2", () => {
  const steps = stepsOf("10:100,100:1000,1000:100000");
  expect(growthExponents(steps, [5, 5, 5])).toEqual([0, 0]);
  expect(growthExponents(steps, [1, 10, 1000])[0]).toBeCloseTo(1, 9);
  // The third one has ten times the pipelines and a hundred times the rows.
  expect(growthExponents(steps, [1, 100, 10_000])[0]).toBeCloseTo(2, 9);
  expect(growthExponents(steps, [1, 1, 100])[1]).toBeCloseTo(1, 9);
});

test("steps that are no sizes, or do not grow, are refused", () => {
  expect(stepsOf("1000:3000000")).toEqual([{ pipelines: 1000, rows: 3_000_000 }]);
  for (const text of ["", "10", "10:x", "10:5", "0:10", "10:20:30"])
    expect(() => stepsOf(text)).toThrow(/PIPELINES:ROWS/);
  expect(() => growthExponents(stepsOf("10:100,10:100"), [1, 1])).toThrow(/larger/);
});
