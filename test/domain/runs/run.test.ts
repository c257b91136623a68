import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunReport, RunReportStatus } from "../../../src/domain/reports/report.ts";
import { applyRunReport, newRun, summarize } from "../../../src/domain/runs/run.ts";
import { runOf, runReport } from "./run-reports.ts";

const report = (status: RunReportStatus, at: number, more: Partial<RunReport> = {}) =>
  runReport(status, at, { attempt: 1, ...more });

describe("a run", () => {
  it("that started is running, and ends with its terminal report", () => {
    expect(summarize(runOf(report("started", 1)))).toMatchObject({ status: "started", ended: false, started_at: 1000 });
    expect(summarize(runOf(report("started", 1), report("success", 61)))).toMatchObject({
      status: "success",
      ended: true,
      duration_seconds: 60,
      finished_at: 61_000,
    });
  });

  it("that finished is not reopened by a late start", () => {
    const late = runOf(report("success", 61), report("started", 1));
    expect(summarize(late)).toMatchObject({ status: "success", ended: true, duration_seconds: 60 });
  });

  it("is reopened by a start of a higher attempt, as when it is cleared", () => {
    const cleared = runOf(report("started", 1), report("success", 10), report("started", 20, { attempt: 2 }));
    expect(summarize(cleared)).toMatchObject({ status: "started", attempt: 2, ended: false });
    applyRunReport(cleared, report("failed", 30, { attempt: 2, error: "disk" }));
    expect(summarize(cleared)).toMatchObject({ status: "failed", attempt: 2, ended: true, error: "disk" });
  });

  it("goes by the greatest attempt, then the latest time, and on a tie by the failure", () => {
    expect(summarize(runOf(report("failed", 50), report("success", 10, { attempt: 2 })))).toMatchObject({
      status: "success",
    });
    expect(summarize(runOf(report("failed", 50), report("success", 60)))).toMatchObject({ status: "success" });
    expect(summarize(runOf(report("success", 60), report("failed", 60)))).toMatchObject({ status: "failed" });
    expect(summarize(runOf(report("failed", 60), report("success", 60)))).toMatchObject({ status: "failed" });
  });

  it("that waits for a retry has not ended", () => {
    expect(summarize(runOf(report("retrying", 5)))).toMatchObject({ status: "retrying", ended: false });
  });

  it("without a start has no duration, not one of 0", () => {
    expect(summarize(runOf(report("success", 61)))).toMatchObject({ duration_seconds: null, started_at: null });
  });

  it("that finished before it started, by two clocks, has an unknown duration", () => {
    expect(summarize(runOf(report("started", 70), report("success", 61))).duration_seconds).toBeNull();
  });

  it("counts each distinct (attempt, status) once and observes each duration once", () => {
    const run = newRun("p", "r", { at: 0, heard_at: null });
    expect(applyRunReport(run, report("success", 61))).toEqual({ counted: ["success"], durations: [] });
    expect(applyRunReport(run, report("success", 61))).toEqual({ counted: [], durations: [] });
    expect(applyRunReport(run, report("started", 1))).toEqual({ counted: [], durations: [60] });
    expect(applyRunReport(run, report("started", 1))).toEqual({ counted: [], durations: [] });
    expect(applyRunReport(run, report("failed", 90, { attempt: 2, duration_seconds: 7 }))).toEqual({
      counted: ["failed"],
      durations: [7],
    });
  });

  it("takes its place by the end of its data interval, else its first start, else when it was first heard of", () => {
    expect(summarize(runOf(report("success", 61))).run_order).toBe(61_000);
    expect(summarize(runOf(report("success", 61), report("started", 1))).run_order).toBe(1000);
    expect(summarize(runOf(report("started", 9, { attempt: 2 }), report("started", 1))).run_order).toBe(1000);
    expect(summarize(runOf(report("success", 61, { data_interval_end: 5 }))).run_order).toBe(5);
  });

  it("is the same run in whatever order and however often its reports arrive", () => {
    const status = fc.constantFrom<RunReportStatus>("started", "success", "failed", "retrying", "skipped", "cancelled");
    const one = fc
      .record({
        status,
        at: fc.integer({ min: 0, max: 20 }),
        attempt: fc.integer({ min: 1, max: 3 }),
        duration_seconds: fc.option(fc.integer({ min: 0, max: 5 })),
        error: fc.option(fc.constantFrom("a", "b", "long")),
        data_interval_end: fc.option(fc.integer({ min: 0, max: 3 })),
      })
      .map(({ status, at, ...more }) => report(status, at, more));
    const reordered = fc
      .array(one, { minLength: 1, maxLength: 8 })
      .chain((reports) =>
        fc.tuple(
          fc.constant(reports),
          fc.shuffledSubarray([...reports, ...reports], { minLength: 2 * reports.length }),
        ),
      );
    fc.assert(
      fc.property(reordered, ([reports, again]) => {
        expect(summarize(runOf(...again))).toEqual(summarize(runOf(...reports)));
      }),
    );
  });
});
