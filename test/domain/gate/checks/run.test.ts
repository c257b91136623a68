import { describe, expect, test } from "vitest";
import { checkRun } from "../../../../src/domain/gate/checks/run.ts";
import type { Evidence, RunEvidence, RunGoingOn } from "../../../../src/domain/gate/evidence/evidence.ts";
import { asking, evidence, going, lines, MINUTE, NOW, nothing, policy, run } from "./evidence.ts";

const say = (of: RunEvidence | null, overlay = {}, how = {}) =>
  lines(checkRun(evidence({ run: of }), policy(overlay), asking(how)).reasons);

const NOTHING_REPORTED =
  "unknown no_evidence -: Nothing has been reported of pipeline orders_daily that a decision could be about: send POST /v1/runs " +
  "when a run ends, and what is known of its data with POST /v1/quality, /v1/records or /v1/drift";
const IN_PROGRESS = "pending run_in_progress r1: Run r1 has not ended yet (attempt 1, started at 2026-11-20 02:00 UTC)";
const NEVER_A_STATUS =
  "pending run_missing r1: Run r1 has reported about its data, but never whether it started or ended: send POST /v1/runs with " +
  'its status, or set "run: off" in the policy';
/** Only evidence was reported of it. */
const silent = () => run({ status: "unknown", ended: false, started_at: null, finished_at: null });
const GIVEN_UP =
  "pending run_missing r1: Run r1 started at 2026-11-20 02:00 UTC and never said how it ended; the next run without a run_id " +
  "took its place: say how it ended with POST /v1/runs and its run_id, or run it again";
const OVERRUNNING =
  "run_overrunning r1: Run r1 has been going for 2 h and has not ended, 1 h 30 min is the longest allowed: " +
  "report how it ended with POST /v1/runs, or invalidate it";

test.each([
  ["no run at all", null, {}, {}, [NOTHING_REPORTED]],
  ["no run at all, where runs need not be reported", null, { run: "off" }, {}, []],
  ["a success", run(), {}, {}, []],
  ["a run going", going(), {}, {}, [IN_PROGRESS]],
  ["a run going, where a failure only warns", going(), { run: "warn" }, {}, [IN_PROGRESS]],
  ["a run going, where runs need not be reported", going(), { run: "off" }, {}, []],
  ["a run going, asked from inside", going(), {}, { while_running: true }, []],
  ["a run that never said a status", silent(), {}, {}, [NEVER_A_STATUS]],
  ["a run that was given up", run({ status: "unknown", ended: false, finished_at: null }), {}, {}, [GIVEN_UP]],
  ["… asked from inside", silent(), {}, { while_running: true }, []],
  ["… where runs need not be reported", silent(), { run: "off" }, {}, []],
  [
    "a failed attempt that will be retried",
    run({ status: "retrying", ended: false }),
    {},
    {},
    ["pending run_in_progress r1: Run r1 is waiting for a retry: attempt 1 failed"],
  ],
  ["… asked from inside", run({ status: "retrying", ended: false }), {}, { while_running: true }, []],
  [
    "a failure",
    run({ status: "failed", error: "connection reset" }),
    {},
    {},
    ["block run_failed r1: Run r1 failed at 2026-11-20 02:30 UTC: connection reset"],
  ],
  [
    "the last of three failures",
    run({ status: "failed", attempt: 3, finished_at: null }),
    { run: "warn" },
    {},
    ["warn run_failed r1: Run r1 failed on attempt 3"],
  ],
  [
    "a failure, asked from inside",
    run({ status: "failed" }),
    {},
    { while_running: true },
    ["block run_failed r1: Run r1 failed at 2026-11-20 02:30 UTC"],
  ],
  ["a failure, where runs do not matter", run({ status: "failed" }), { run: "off" }, {}, []],
  [
    "a cancelled run",
    run({ status: "cancelled" }),
    {},
    {},
    ["block run_failed r1: Run r1 was cancelled at 2026-11-20 02:30 UTC"],
  ],
  [
    "a skipped run",
    run({ status: "skipped" }),
    {},
    {},
    ["unknown no_evidence r1: Run r1 was skipped at 2026-11-20 02:30 UTC, so it brought no data that could be judged"],
  ],
  [
    "an invalidated run, even where runs do not matter",
    run({ invalidated: { actor: "ana", reason: "wrong vendor file", at: NOW } }),
    { run: "off" },
    {},
    ["block manual_block r1: Run r1 was invalidated by ana at 2026-11-20 04:00 UTC: wrong vendor file"],
  ],
  ["a run going for too long", going(), { max_duration: 90 * MINUTE }, {}, [`block ${OVERRUNNING}`, IN_PROGRESS]],
  [
    "… where a failure only warns",
    going(),
    { max_duration: 90 * MINUTE, run: "warn" },
    {},
    [`warn ${OVERRUNNING}`, IN_PROGRESS],
  ],
  ["… asked from inside", going(), { max_duration: 90 * MINUTE }, { while_running: true }, [`block ${OVERRUNNING}`]],
  [
    "… counted from when it was first heard of",
    going({ started_at: null }),
    { max_duration: 90 * MINUTE },
    { while_running: true },
    [`block ${OVERRUNNING}`],
  ],
  ["a run that ended has no longest time", run(), { max_duration: MINUTE }, {}, []],
] as const)("%s", (_what, of, overlay, how, expected) => {
  expect(say(of, overlay, how)).toEqual(expected);
});

describe("a run that hangs behind another one", () => {
  const max_duration = 90 * MINUTE;
  const other = (run_id: string, minutes: number): RunGoingOn => {
    const at = NOW - minutes * MINUTE;
    return { run_id, status: "started", attempt: 1, started_at: at, first_at: at };
  };
  const of = (given: Partial<Evidence>, overlay = {}, how = {}) =>
    checkRun(evidence(given), policy({ max_duration, ...overlay }), asking(how));
  const subjects = (given: Partial<Evidence>, overlay = {}, how = {}) =>
    of(given, overlay, how).reasons.map(({ severity, code, subject }) => `${severity} ${code} ${subject}`);

  test("is told whatever the decision is about, each run by its name", () => {
    const going_on = [other("hung", 24 * 60), other("young", 30), other("older", 91)];
    expect(subjects({ going_on })).toEqual(["block run_overrunning hung", "block run_overrunning older"]);
    expect(subjects({ going_on }, { run: "warn" })).toEqual([
      "warn run_overrunning hung",
      "warn run_overrunning older",
    ]);
    expect(subjects({ going_on }, {}, { while_running: true })).toHaveLength(2);
    expect(subjects({ going_on, run: run({ status: "failed" }) })).toContain("block run_failed r1");
    expect(subjects({ going_on }, { run: "off" })).toEqual([]);
    expect(subjects({ going_on }, { max_duration: null })).toEqual([]);
  });

  test("and the run in question is told once", () => {
    const { run_id, status, attempt, started_at, first_at } = going();
    const going_on = [{ run_id, status, attempt, started_at, first_at }];
    expect(subjects({ run: going(), going_on })).toEqual(["block run_overrunning r1", "pending run_in_progress r1"]);
  });

  test("is told at a moment that is known before: that of the run that began first of those not told yet", () => {
    const going_on = [other("young", 30), other("hung", 24 * 60), other("next", 60)];
    const { valid_until } = of({ going_on });
    expect(valid_until).toBe(NOW + 30 * MINUTE + 1);
    expect(subjects({ going_on }, {}, { now: valid_until! - 1 })).toEqual(["block run_overrunning hung"]);
    expect(subjects({ going_on }, {}, { now: valid_until! })).toContain("block run_overrunning next");
    expect(of({ going_on: [other("hung", 24 * 60)] }).valid_until).toBeNull();
  });

  test("is not waited for once it was invalidated", () => {
    const invalidated = { actor: "ana", reason: "the host is gone", at: NOW };
    expect(subjects({ run: going({ invalidated }), going_on: [] })).toEqual([
      "block manual_block r1",
      "pending run_in_progress r1",
    ]);
  });
});

test("a run that was asked for and never heard of is missing, even where runs do not matter", () => {
  for (const overlay of [{}, { run: "off" } as const]) {
    const { reasons } = checkRun(nothing({ asked_run_id: "r9" }), policy(overlay), asking());
    expect(lines(reasons)).toEqual([
      "pending run_missing r9: Nothing has been reported of run r9 yet: waiting for POST /v1/runs with this run_id",
    ]);
  }
});

test("the moment a run begins to overrun is known before", () => {
  const overlay = policy({ max_duration: 3 * 60 * MINUTE });
  const { valid_until } = checkRun(evidence({ run: going() }), overlay, asking());
  const at = (now: number) =>
    checkRun(evidence({ run: going() }), overlay, asking({ now })).reasons.map(({ code }) => code);
  expect(at(valid_until! - 1)).toEqual(["run_in_progress"]);
  expect(at(valid_until!)).toEqual(["run_overrunning", "run_in_progress"]);
});
