import { describe, expect, it } from "vitest";
import { asTable } from "../../../../bench/calibrate/as-table.ts";
import { calibrate } from "../../../../bench/calibrate/calibrate.ts";
import { HEADINGS, mostAlarms } from "../../../../bench/calibrate/figure.ts";
import { QUICK } from "../../../../bench/calibrate/plan.ts";

describe("calibration by simulation, in its quick form", () => {
  const figures = calibrate(QUICK);

  it("has every table, and each figure in its range", () => {
    expect(new Set(figures.map(({ table }) => table))).toEqual(new Set(Object.keys(HEADINGS)));
    expect(figures.filter(({ in_range }) => !in_range)).toEqual([]);
  });

  it("bounds false alarms at alpha by the errors that a true share of alpha has", () => {
    expect(mostAlarms(9_900)).toBeCloseTo(0.013, 4);
    for (const { table, most } of figures) if (table === "false alarms") expect(most).toBeLessThan(0.05);
  });

  it("prints a line a figure and how many are in range", () => {
    const text = asTable(figures);
    expect(text).toContain(`${figures.length} of ${figures.length} figures in range.`);
    expect(text.split("\n").filter((line) => / \d+\.\d\d /.test(line))).toHaveLength(figures.length);
  });
});
