import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  advance,
  type EndedRun,
  emptyRunState,
  gaugeHorizon,
  type RunState,
  runStateOf,
} from "../../../src/domain/runs/run-state.ts";

function ended(status: "success" | "failed" | "skipped", run_order: number, finished_at: number): EndedRun {
  return { status, run_order, finished_at, duration_seconds: finished_at / 100, has_interval: true };
}

const latestFirst = (runs: EndedRun[]) =>
  [...runs].sort((a, b) => b.run_order - a.run_order || b.finished_at - a.finished_at);

describe("how a pipeline stands", () => {
  it("is told by the latest success and the latest failure", () => {
    const run_state = runStateOf(
      latestFirst([ended("success", 1, 10), ended("failed", 2, 20), ended("success", 3, 30)]),
    );
    expect(run_state.last_success).toEqual({ run_order: 3, at: 30 });
    expect(run_state.last_failure).toEqual({ run_order: 2, at: 20 });
    expect(run_state.last_duration_seconds).toBe(0.3);
  });

  it("is not moved by a backfill that ends after a later run has ended", () => {
    const run_state = runStateOf(
      latestFirst([ended("success", 8, 80), ended("success", 9, 90), ended("failed", 2, 100)]),
    );
    expect(run_state.last_failure).toBeNull();
    expect(run_state.last_success).toEqual({ run_order: 9, at: 90 });
  });

  it("is moved by a run without an interval that overlapped a later one and failed after it", () => {
    const overlapping = [ended("failed", 1, 20), ended("success", 2, 15)].map((run) => ({
      ...run,
      has_interval: false,
    }));
    const run_state = runStateOf(latestFirst(overlapping));
    expect(run_state.last_failure).toEqual({ run_order: 1, at: 20 });
    expect(run_state.last_success).toEqual({ run_order: 2, at: 15 });
  });

  it("lets check gauges go three finished runs back", () => {
    expect(gaugeHorizon(runStateOf(latestFirst([ended("success", 1, 1), ended("failed", 2, 2)])))).toBeNull();
    const four = [1, 2, 3, 4].map((n) => ended("success", n, n));
    expect(gaugeHorizon(runStateOf(latestFirst(four)))).toBe(2);
  });

  it("goes on from one ended run to the next to the same run state as reading all of them", () => {
    const status = fc.constantFrom<"success" | "failed" | "skipped">("success", "failed", "skipped");
    const runs = fc.array(fc.record({ status, run_order: fc.nat(12), finished_at: fc.nat(12) }), { maxLength: 10 });
    fc.assert(
      fc.property(runs, (list) => {
        const seen: EndedRun[] = [];
        let run_state: RunState = emptyRunState();
        for (const { status, run_order, finished_at } of list) {
          const run = ended(status, run_order, finished_at);
          seen.push(run);
          const all = runStateOf(latestFirst(seen));
          const next = advance(run_state, run);
          if (next !== null) expect(next).toEqual(all);
          run_state = all;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("takes marks from the run state it knew where the runs given do not reach so far back", () => {
    const known: RunState = {
      ...emptyRunState(),
      last_failure: { run_order: 1, at: 10 },
      last_success: { run_order: 9, at: 90 },
    };
    const run_state = runStateOf([ended("success", 6, 60), ended("success", 5, 50)], known);
    expect(run_state.last_failure).toEqual({ run_order: 1, at: 10 });
    expect(run_state.last_success).toEqual({ run_order: 6, at: 60 });
  });
});
