import { describe, expect, it } from "vitest";
import { asTable, calibrate, QUICK } from "../../../../bench/calibrate.ts";

describe("calibration by simulation, in its quick form", () => {
  const figures = calibrate(QUICK);

  it("has false alarms, power, many features and the outlier in range", () => {
    expect(new Set(figures.map(({ table }) => table)).size).toBe(4);
    expect(figures.filter(({ in_range }) => !in_range)).toEqual([]);
  });

  it("prints a line a figure and how many are in range", () => {
    expect(asTable(figures)).toContain(`${figures.length} of ${figures.length} figures in range.`);
  });
});
