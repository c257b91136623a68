import { describe, expect, test } from "vitest";
import { KINDS, kindOf } from "../../../../src/domain/commit/kinds.ts";
import { emptyTally } from "../../../../src/domain/commit/tally.ts";
import type { PolicyOverlay } from "../../../../src/domain/gate/policy/policy.ts";
import type { FreshnessReport, QualityReport, RunReport } from "../../../../src/domain/reports/report.ts";
import { applyRunReport, newRun } from "../../../../src/domain/runs/run.ts";
import { loadedEntry } from "../../../../src/domain/runs/run-entry.ts";
import { RunsOfCommit } from "../../../../src/domain/runs/runs-of-commit.ts";
import type { PipelineRow } from "../../../../src/ports.ts";
import { gatesTouchedBy } from "../../../../src/service/gate/decide/touched-gates.ts";
import { Policies } from "../../../../src/service/gate/policies.ts";

const pipeline_name = "orders";
const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 20, 12);
/** Hours after the first run began. */
const at = (hours: number) => NOON + hours * HOUR;

const base = (run_id: string | null, hours: number) => ({
  ...{ pipeline_name, run_id, attempt: null, try: null, at: at(hours), traceparent: null },
});
const run = (run_id: string, hours: number, status: RunReport["status"]): RunReport => ({
  ...{ kind: "run", ...base(run_id, hours), status, at_stated: true, started_at: null, finished_at: null },
  ...{ duration_seconds: null, error: null, data_interval_start: null, data_interval_end: null, logical_date: null },
  ...{ resumes: false, lost: [] },
});
const quality = (run_id: string | null, hours: number): QualityReport => ({
  ...{ kind: "quality", ...base(run_id, hours) },
  checks: [{ check_name: "c", score: 1, threshold: 0.9, severity: "error", error: null }],
});
const freshness = (data_through: number, ahead: number | null = null): FreshnessReport => ({
  ...{ kind: "freshness", ...base(null, 5), dataset: "d", data_through, ahead },
});

/** Two stored runs: "1" ended after an hour, "2" began after two hours and goes on. Their keys are 1 and 2. */
function stored() {
  const entryOf = (run_id: string, key: number, reports: RunReport[]) => {
    const stored = newRun(pipeline_name, run_id, { at: reports[0]!.at, heard_at: reports[0]!.at });
    for (const report of reports) applyRunReport(stored, report);
    return loadedEntry(stored, key, stored.attempts);
  };
  return [entryOf("1", 1, [run("1", 0, "started"), run("1", 1, "success")]), entryOf("2", 2, [run("2", 2, "started")])];
}

/** The gate as it was decided last: on the run of this key. */
const onEnded = { decision: "pass", run_key: 1, run_order: at(0), ended_once: true } as const;
const onGoingOn = { decision: "pending", run_key: 2, run_order: at(2), ended_once: false } as const;

function touched(
  gate: PipelineRow["gate"],
  reports: readonly (RunReport | QualityReport | FreshnessReport)[],
  { policy = {}, rejected = [], more = {} }: { policy?: PolicyOverlay; rejected?: number[]; more?: object } = {},
): string {
  const book = new RunsOfCommit(stored(), [{ pipeline_name, has_named_runs: true, last_loose_at: null, runless: [] }], {
    newRunId: (time) => `made-${time}`,
    around: () => {
      throw new Error("no run-less run is stored");
    },
    now: at(6),
  });
  const tally = emptyTally(new Map([[pipeline_name, { sla_fold: { hours_until: null, months_until: null } }]]));
  for (const report of reports) {
    if (report.kind === "run") KINDS.run.tally(tally, book.applyRun(report));
    else
      kindOf(report).tally(tally, report, book.evidenceRun(report, kindOf(report).takes_run), { verdicts: new Map() });
  }
  const row = {
    pipeline_id: 7,
    pipeline_name,
    gate,
    last_loose_at: null,
    had_data_ahead: false,
    ...more,
  } as PipelineRow;
  const pipelines = new Map([[pipeline_name, row]]);
  const policies = new Policies({ defaults: policy, entries: [] });
  const found = gatesTouchedBy({ tally, pipelines }, { dirty: book.dirty(), rejected: new Set(rejected) }, policies);
  expect(found.to_decide.length + found.still_pending.length).toBeLessThanOrEqual(1);
  if (found.to_decide.includes(row)) return "decides";
  return found.still_pending.includes(row) ? "stays pending" : "is not touched";
}

describe("a gate that stands on a run that has ended", () => {
  test.each([
    ["evidence of that run", [quality("1", 3)], "decides"],
    ["evidence of the run that goes on behind it", [quality("2", 3)], "is not touched"],
    ["a start of a later run", [run("3", 4, "started")], "is not touched"],
    ["the end of the later run", [run("2", 4, "failed")], "decides"],
    ["another end of its own run", [run("1", 4, "failed")], "decides"],
    ["evidence without a run_id", [quality(null, 4)], "decides"],
    ["a dataset that is nowhere limited", [freshness(at(4))], "is not touched"],
    ["a dataset that is ahead", [freshness(at(30), 25 * HOUR)], "decides"],
    ["nothing", [], "is not touched"],
  ])("after %s", (_what, reports, outcome) => expect(touched(onEnded, reports)).toBe(outcome));

  test("is decided for the run that goes on where the policy says how long it may, or asks for no runs", () => {
    expect(touched(onEnded, [run("3", 4, "started")], { policy: { max_duration: HOUR } })).toBe("decides");
    expect(touched(onEnded, [quality("2", 3)], { policy: { max_duration: HOUR } })).toBe("is not touched");
    expect(touched(onEnded, [quality("2", 3)], { policy: { run: "off" } })).toBe("decides");
  });

  test("is decided for a dataset that the policy limits, and for the first one after one that was ahead", () => {
    const policy = { freshness: { max_lag: HOUR } };
    expect(touched(onEnded, [freshness(at(4))], { policy })).toBe("decides");
    expect(touched(onEnded, [freshness(at(4))], { more: { had_data_ahead: true } })).toBe("decides");
  });

  test("is decided for what was refused, and where loose evidence may count for another run now", () => {
    expect(touched(onEnded, [], { rejected: [7] })).toBe("decides");
    expect(touched(onEnded, [], { rejected: [8] })).toBe("is not touched");
    expect(touched(onEnded, [run("3", 4, "started")], { more: { last_loose_at: at(3) } })).toBe("decides");
    // Before any run it counts for the first: that may be another one now, which began before the gate's and after it.
    expect(touched(onEnded, [run("2", 1.5, "started")], { more: { last_loose_at: at(-1) } })).toBe("decides");
    expect(touched(onEnded, [quality("2", 1.5)], { more: { last_loose_at: at(-1) } })).toBe("decides");
  });
});

describe("a gate that is pending on a run that goes on", () => {
  test.each([
    ["evidence of that run", [quality("2", 3)], "stays pending"],
    ["its end", [run("2", 4, "success")], "decides"],
    ["a report that it goes on", [run("2", 3, "started")], "decides"],
    ["evidence and its end in one commit", [quality("2", 3), run("2", 4, "success")], "decides"],
    ["evidence of an earlier run, with which it is compared", [quality("1", 3)], "decides"],
    ["evidence without a run_id", [quality(null, 4)], "decides"],
  ])("after %s", (_what, reports, outcome) => expect(touched(onGoingOn, reports)).toBe(outcome));

  test("is decided for what was refused, whatever else came", () => {
    expect(touched(onGoingOn, [quality("2", 3)], { rejected: [7] })).toBe("decides");
  });

  test("is decided by its evidence where no run has to be reported", () => {
    expect(touched(onGoingOn, [quality("2", 3)], { policy: { run: "off" } })).toBe("decides");
  });
});

test("a gate that was never decided is decided with the first report", () => {
  expect(touched(null, [quality("2", 3)])).toBe("decides");
});
