import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AttachRules, attach, timesOf } from "../../../../src/domain/gate/evidence/attach.ts";
import type { RunSpan } from "../../../../src/domain/runs/run-span.ts";
import { DAY, HOUR } from "../../../../src/domain/words/time.ts";

const RULES: AttachRules = { attach_window: 6 * HOUR, max_duration: null };
const WHOLE = Number.NEGATIVE_INFINITY;

const span = (run_id: string, from: number, to: number | null, more: Partial<RunSpan> = {}): RunSpan => ({
  run_id,
  start: from,
  going: [{ from, to }],
  last_at: to ?? from,
  attempt_from: WHOLE,
  ...more,
});

const at = (spans: RunSpan[], time: number, rules = RULES) => {
  const { picked, failing } = attach(spans, time, rules);
  return { picked: picked?.run_id ?? null, failing: failing.map(({ run_id }) => run_id) };
};

describe("which runs evidence without a run_id counts for", () => {
  test("none was reported: none", () => {
    expect(at([], 5)).toEqual({ picked: null, failing: [] });
  });

  test("one is going on: that", () => {
    expect(at([span("a", 0, 2 * HOUR), span("b", DAY, null)], DAY + HOUR)).toEqual({ picked: "b", failing: ["b"] });
  });

  test("one has ended within the window, to the millisecond; after it the latest, however long ago", () => {
    const spans = [span("a", 0, HOUR), span("b", 20 * HOUR, 21 * HOUR)];
    expect(at(spans, 27 * HOUR)).toEqual({ picked: "b", failing: ["b"] });
    expect(at(spans, 27 * HOUR + 1)).toEqual({ picked: "b", failing: ["b"] });
    const long = [span("long", 0, 8 * HOUR), span("short", HOUR, 2 * HOUR)];
    expect(at(long, 8 * HOUR)).toMatchObject({ picked: "short" });
    expect(at(long, 8 * HOUR + 1)).toMatchObject({ picked: "long" });
    expect(at(long, 14 * HOUR)).toMatchObject({ picked: "long" });
    expect(at(long, 14 * HOUR + 1)).toMatchObject({ picked: "short" });
  });

  test("several are going on: the one that started last, and a failure counts for all of them and for the last that ended", () => {
    const spans = [span("z", 0, HOUR), span("a", HOUR, 3 * HOUR), span("b", 2 * HOUR, null), span("c", 4 * HOUR, null)];
    expect(at(spans, 5 * HOUR)).toEqual({ picked: "c", failing: ["a", "b", "c"] });
    expect(at(spans, 2.5 * HOUR)).toEqual({ picked: "b", failing: ["z", "a", "b"] });
  });

  test("before any run: the first", () => {
    expect(at([span("a", HOUR, null), span("b", 2 * HOUR, null)], 0)).toEqual({ picked: "a", failing: ["a"] });
  });

  test("a run past its longest time, or silent for a day, is left out where there is another", () => {
    const spans = [span("a", 0, HOUR), span("hung", 2 * HOUR, null)];
    const rules = { ...RULES, max_duration: 2 * HOUR };
    expect(at(spans, 4 * HOUR, rules)).toEqual({ picked: "hung", failing: ["a", "hung"] });
    expect(at(spans, 4 * HOUR + 1, rules)).toEqual({ picked: "a", failing: ["a"] });
    const silent = [span("hung", 0, null), span("b", DAY - 2 * HOUR, DAY - HOUR)];
    expect(at(silent, DAY)).toEqual({ picked: "b", failing: ["hung", "b"] });
    expect(at(silent, DAY + 1)).toEqual({ picked: "b", failing: ["b"] });
    expect(at([span("hung", 0, null)], 9 * DAY)).toEqual({ picked: "hung", failing: ["hung"] });
  });

  test("a run that is done again counts while it goes on, though a later one has ended", () => {
    const again = span("a", 0, HOUR, {
      going: [
        { from: 0, to: HOUR },
        { from: 30 * HOUR, to: null },
      ],
      last_at: 30 * HOUR,
    });
    const spans = [again, span("b", DAY, DAY + HOUR)];
    expect(at(spans, 31 * HOUR)).toEqual({ picked: "b", failing: ["a", "b"] });
    expect(at(spans, 32 * HOUR)).toEqual({ picked: "a", failing: ["a"] });
  });

  test("without a window nothing is too long ago", () => {
    expect(
      at([span("a", 0, HOUR), span("b", 2 * HOUR, 3 * HOUR)], 99 * DAY, { ...RULES, attach_window: null }),
    ).toEqual({
      picked: "b",
      failing: ["b"],
    });
  });
});

const time = fc.integer({ min: 0, max: 60 });
const anySpan = fc
  .record({
    run_id: fc.constantFrom("a", "b", "c", "d", "e"),
    cuts: fc.uniqueArray(time, { minLength: 2, maxLength: 5 }),
    silent: fc.boolean(),
  })
  .map(({ run_id, cuts, silent }): RunSpan => {
    const times = [...cuts].sort((a, b) => a - b);
    const going: RunSpan["going"] = [];
    for (let i = 0; i < times.length; i += 2)
      going.push({ from: times[i]! * HOUR, to: times[i + 1] == null ? null : times[i + 1]! * HOUR });
    const attempt_from = going.length === 1 ? WHOLE : going.at(-1)!.from;
    return { run_id, start: going[0]!.from, going, last_at: (silent ? times[0]! : times.at(-1)!) * HOUR, attempt_from };
  });
const anySpans = fc.uniqueArray(anySpan, { selector: ({ run_id }) => run_id, maxLength: 5 });
const anyRules = fc.record({
  attach_window: fc.option(fc.integer({ min: 1, max: 9 }).map((hours) => hours * HOUR)),
  max_duration: fc.option(fc.integer({ min: 1, max: 9 }).map((hours) => hours * HOUR)),
});

describe("when evidence counts for a run", () => {
  test("is exactly when it is attached to it, from the start of its latest attempt on", () => {
    fc.assert(
      fc.property(anySpans, anyRules, time, fc.integer({ min: -1, max: 1 }), (spans, rules, hour, more) => {
        const moment = hour * HOUR + more;
        const { picked, failing } = attach(spans, moment, rules);
        for (const run of spans) {
          const times = timesOf(run.run_id, spans, rules);
          const within = (ranges: readonly { from: number; to: number }[]) =>
            ranges.some(({ from, to }) => from <= moment && moment < to);
          const now = moment >= run.attempt_from;
          expect([within(times.picked), within(times.failing)]).toEqual([
            now && picked === run,
            now && failing.includes(run),
          ]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("every moment counts for one run where there is one, and a failure for that one too", () => {
    fc.assert(
      fc.property(anySpans, anyRules, time, (spans, rules, hour) => {
        const { picked, failing } = attach(spans, hour * HOUR, rules);
        expect(picked === null).toBe(spans.length === 0);
        if (picked !== null) expect(failing).toContain(picked);
      }),
      { numRuns: 500 },
    );
  });
});
