import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunReport, RunReportStatus } from "../../../../src/domain/reports/report.ts";
import { placeOfEvidence } from "../../../../src/domain/runs/attempts/attempt-of-evidence.ts";
import { MOST_MARKS } from "../../../../src/domain/runs/attempts/fold-marks.ts";
import { lastWordOf } from "../../../../src/domain/runs/last-word.ts";
import { applyRunReport, newRun, type Run, speakingOf, summarize } from "../../../../src/domain/runs/run.ts";
import { ordersOf } from "../../../support/orders.ts";
import { runOf, runReport, SECOND } from "../run-reports.ts";

/** The attempts in few words: the number, else none, when it starts to hold evidence, and how it ended. */
function attempts(run: Run): (readonly [number | null, number, string])[] {
  return run.attempts.map(({ number, from, end }) => [number, from / SECOND, end?.status ?? "started"] as const);
}

const place = (run: Run, at: number, said: { attempt?: number; try?: number } = {}) => {
  const { attempt_no, try_no } = placeOfEvidence(run.attempts, { attempt: null, try: null, ...said, at: at * SECOND });
  return `${attempt_no}/${try_no}`;
};

describe("attempts", () => {
  it("are cut by a start with a stated time after an end", () => {
    const run = runOf(
      runReport("started", 1),
      runReport("failed", 2),
      runReport("started", 3),
      runReport("success", 4),
    );
    expect(attempts(run)).toEqual([
      [null, 1, "failed"],
      [null, 3, "success"],
    ]);
    expect(summarize(run)).toMatchObject({ status: "success", attempt: 2, started_at: 3000, duration_seconds: 1 });
  });

  it("are cut by an end that says when it started", () => {
    const exec = (status: RunReportStatus, start: number, end: number) =>
      runReport(status, end, { started_at: start * SECOND, finished_at: end * SECOND });
    expect(attempts(runOf(exec("failed", 1, 2), exec("success", 3, 4)))).toEqual([
      [null, 1, "failed"],
      [null, 3, "success"],
    ]);
    expect(attempts(runOf(exec("failed", 1, 2), exec("success", 2, 4)))).toEqual([[null, 1, "success"]]);
  });

  it("are not begun by a start without a stated time, however late it arrives", () => {
    const late = runReport("started", 70, { at_stated: false });
    expect(summarize(runOf(runReport("success", 61), late))).toMatchObject({
      status: "success",
      ended: true,
      attempt: 1,
    });
    const again = runOf(runReport("started", 1), runReport("failed", 2), late, runReport("success", 80));
    expect(attempts(again)).toEqual([[null, 1, "success"]]);
  });

  it("are begun once by several processes that start after an end, and not by those that start before it", () => {
    const run = runOf(
      runReport("started", 1),
      runReport("started", 2),
      runReport("success", 5),
      runReport("success", 6),
      runReport("started", 8),
      runReport("started", 9),
      runReport("failed", 10),
      runReport("success", 11),
    );
    expect(attempts(run)).toEqual([
      [null, 1, "success"],
      [null, 8, "success"],
    ]);
  });

  it("are told apart by numbers first, and a report without one belongs to the greatest that had begun", () => {
    const run = runOf(
      runReport("started", 1),
      runReport("failed", 3),
      runReport("started", 5, { attempt: 2 }),
      runReport("success", 9),
    );
    expect(attempts(run)).toEqual([
      [null, 1, "failed"],
      [2, 5, "success"],
    ]);
    expect(summarize(run)).toMatchObject({ attempt: 2, status: "success" });
    // Before the first number: 1.
    expect(attempts(runOf(runReport("success", 9, { attempt: 3 }), runReport("failed", 2)))).toEqual([
      [null, 2, "failed"],
      [3, 9, "success"],
    ]);
  });

  it("are cut by time inside a number too", () => {
    const second = { attempt: 2 };
    const run = runOf(
      runReport("failed", 1, { attempt: 1 }),
      runReport("started", 2, second),
      runReport("failed", 3, second),
      runReport("started", 4, second),
      runReport("success", 5, second),
    );
    expect(attempts(run)).toEqual([
      [1, 1, "failed"],
      [2, 2, "failed"],
      [2, 4, "success"],
    ]);
    expect([place(run, 2, second), place(run, 4.5, second), place(run, 0, second)]).toEqual(["2/1", "3/1", "2/1"]);
  });

  it("have no number while none above 1 is said", () => {
    const first = { attempt: 1 };
    const run = runOf(
      runReport("started", 1, first),
      runReport("failed", 2),
      runReport("started", 3, first),
      runReport("success", 4),
    );
    expect(attempts(run).map(([number]) => number)).toEqual([null, null]);
    expect(place(run, 3.5, first)).toBe("2/1");
  });
});

describe("evidence", () => {
  const rerun = runOf(runReport("started", 10), runReport("failed", 20), runReport("started", 30));
  const numbered = runOf(
    runReport("started", 10, { attempt: 1 }),
    runReport("failed", 20, { attempt: 1 }),
    runReport("started", 30, { attempt: 2 }),
  );

  it("without a number belongs to the attempt during which it was true", () => {
    expect([5, 10, 29, 30, 99].map((at) => place(rerun, at))).toEqual(["1/1", "1/1", "1/1", "2/1", "2/1"]);
  });

  it("with a number that a run report says belongs there, whenever it was true", () => {
    expect(place(numbered, 35, { attempt: 1 })).toBe("1/1");
    expect(place(numbered, 5, { attempt: 2 })).toBe("2/1");
    expect(place(numbered, 35)).toBe("2/1");
  });

  it("with another number above 1 is a try, as clients of contract 1.0 mean it", () => {
    expect(place(rerun, 15, { attempt: 2 })).toBe("1/2");
    expect(place(rerun, 35, { attempt: 3 })).toBe("2/3");
    expect(place(rerun, 35, { attempt: 3, try: 7 })).toBe("2/7");
    expect(place(numbered, 35, { attempt: 2, try: 3 })).toBe("2/3");
    expect(place(numbered, 35, { attempt: 4 })).toBe("2/4");
  });

  it("says nothing of the attempt by 1 where no higher number is said", () => {
    expect(place(rerun, 35, { attempt: 1 })).toBe("2/1");
    expect(place(runOf(runReport("started", 10), runReport("started", 30, { attempt: 2 })), 35, { attempt: 1 })).toBe(
      "2/1",
    );
  });

  it("speaks from the latest attempt on that begins anew", () => {
    const speaking = (...resumes: boolean[]) => {
      const reports = resumes.flatMap((one, i) => [
        runReport("started", i * 10 + 1, { resumes: one }),
        runReport("failed", i * 10 + 2),
      ]);
      return speakingOf(runOf(...reports));
    };
    expect(speaking(false)).toMatchObject({ attempt_no: 1, evidence_from: 1, evidence_since: null });
    expect(speaking(true, false)).toMatchObject({ attempt_no: 2, evidence_from: 2, evidence_since: 11_000 });
    expect(speaking(false, true)).toMatchObject({ attempt_no: 2, evidence_from: 1, evidence_since: null });
    expect(speaking(false, false, true, true)).toMatchObject({
      attempt_no: 4,
      evidence_from: 2,
      evidence_since: 11_000,
    });
  });
});

describe("a run that failed, was cleared and succeeded", () => {
  const EVENTS = [
    { run: runReport("started", 1) },
    { rows: 1400, at: 1.5 },
    { run: runReport("failed", 2) },
    { run: runReport("started", 3) },
    { rows: 2000, at: 3.5 },
    { run: runReport("success", 4) },
  ];

  it("ends in the same run, with the same evidence and counters, in each of the 720 orders of its six events", () => {
    const ends = new Set<string>();
    for (const order of ordersOf(EVENTS)) {
      const run = newRun("p", "r", { at: 0, heard_at: null });
      const counted: Record<string, number> = {};
      let durations = 0;
      for (const event of order) {
        if (event.run === undefined) continue;
        const change = applyRunReport(run, event.run);
        for (const status of change.counted) counted[status] = (counted[status] ?? 0) + 1;
        durations += change.durations.length;
      }
      const speaks = speakingOf(run).evidence_from;
      const rows = EVENTS.filter((event) => event.rows !== undefined && place(run, event.at) === `${speaks}/1`);
      const { started_at, finished_at, status, attempt } = summarize(run);
      const state = { started_at, finished_at, status, attempt };
      const counters = [counted.failed, counted.success, durations];
      ends.add(JSON.stringify({ ...state, counters, rows: rows.map((event) => event.rows), word: lastWordOf(run) }));
    }
    expect([...ends]).toEqual([
      JSON.stringify({
        started_at: 3000,
        finished_at: 4000,
        status: "success",
        attempt: 2,
        counters: [1, 1, 2],
        rows: [2000],
        word: { at: 4000, passed: true },
      }),
    ]);
  });
});

describe("whatever is reported of a run", () => {
  const number = fc.option(fc.integer({ min: 1, max: 3 }), { nil: null, freq: 2 });
  const report: fc.Arbitrary<RunReport> = fc
    .record({
      status: fc.constantFrom<RunReportStatus>("started", "success", "failed", "retrying", "skipped", "cancelled"),
      at: fc.integer({ min: 0, max: 12 }),
      more: fc.record({
        attempt: number,
        at_stated: fc.boolean(),
        resumes: fc.boolean(),
        duration_seconds: fc.option(fc.integer({ min: 0, max: 5 })),
        started_at: fc.option(fc.integer({ min: 0, max: 12 }).map((at) => at * SECOND)),
        error: fc.option(fc.constantFrom("a", "b", "long")),
        logical_date: fc.option(fc.integer({ min: 0, max: 3 })),
      }),
    })
    .map(({ status, at, more }) => runReport(status, at, more));
  const reports = fc.array(report, { minLength: 1, maxLength: 9 });

  it("ends in the same attempts in any order and number", () => {
    const reordered = reports.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
    );
    fc.assert(
      fc.property(reordered, ([all, again]) => {
        const [one, other] = [runOf(...all), runOf(...again)];
        expect(attempts(other)).toEqual(attempts(one));
        expect(summarize(other)).toEqual(summarize(one));
        expect(speakingOf(other)).toEqual(speakingOf(one));
        expect(lastWordOf(other)).toEqual(lastWordOf(one));
      }),
      { numRuns: 2000 },
    );
  });

  it("never puts later evidence of one kind into an earlier attempt, so that the latest word is enough to keep", () => {
    fc.assert(
      fc.property(reports, number, (all, attempt) => {
        const run = runOf(...all);
        const places = Array.from({ length: 14 }, (_, at) =>
          placeOfEvidence(run.attempts, { attempt, try: null, at: at * SECOND }),
        );
        for (let i = 1; i < places.length; i++) {
          expect(places[i]!.attempt_no).toBeGreaterThanOrEqual(places[i - 1]!.attempt_no);
          expect(places[i]!.try_no).toBe(places[0]!.try_no);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("counts no more than there is, and all of it where nothing was merged on the way", () => {
    fc.assert(
      fc.property(reports, (all) => {
        const run = newRun("p", "r", { at: 0, heard_at: null });
        const counted = all.flatMap((one) => applyRunReport(run, one).counted);
        const now = run.attempts.flatMap((attempt) => [
          ...new Set(attempt.marks.filter(({ status }) => status !== "started").map(({ status }) => status)),
        ]);
        expect(counted.length).toBeGreaterThanOrEqual(now.length);
        expect(counted.length).toBeLessThanOrEqual(all.filter(({ status }) => status !== "started").length);
      }),
    );
  });

  it("keeps a bounded number of reports of a run_id that is used for ever, and goes on with its latest attempt", () => {
    const run = newRun("p", "daily", { at: 0, heard_at: null });
    let [failed, success] = [0, 0];
    for (let i = 0; i < 1000; i++) {
      const status = i % 7 === 0 ? "failed" : "success";
      for (const one of [runReport("started", i * 10), runReport(status, i * 10 + 5)]) {
        for (const ended of applyRunReport(run, one).counted) ended === "failed" ? failed++ : success++;
      }
      expect(run.marks.length).toBeLessThanOrEqual(MOST_MARKS);
    }
    expect([failed, success]).toEqual([143, 857]);
    expect(summarize(run)).toMatchObject({ attempt: 1000, status: "success", started_at: 9_990_000, run_order: 0 });
    expect(place(run, 9991)).toBe("1000/1");
  });

  it("keeps a bounded number of reports where nothing but starts is heard", () => {
    const run = newRun("p", "r", { at: 0, heard_at: null });
    for (let i = 0; i < 500; i++) applyRunReport(run, runReport("started", i));
    expect(run.marks.length).toBeLessThanOrEqual(MOST_MARKS);
    expect(summarize(run)).toMatchObject({ attempt: 1, status: "started", started_at: 0 });
  });
});
