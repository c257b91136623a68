import { describe, expect, test } from "vitest";
import { runSpan, type SpannedRun } from "../../../src/domain/runs/run-span.ts";

type Outcome = SpannedRun["outcomes"][number];

const started = (at: number): Outcome => ({ status: "started", at, started_at: at, finished_at: null });
const end = (at: number, status: Outcome["status"] = "success", started_at: number | null = null): Outcome => ({
  status,
  at,
  started_at,
  finished_at: at,
});
const spanOf = (outcomes: Outcome[], more: Partial<SpannedRun> = {}) =>
  runSpan({ run_id: "r", first_at: 10, last_at: 10, ended: true, ...more, outcomes });
const WHOLE = Number.NEGATIVE_INFINITY;

describe("when a run was going on", () => {
  test.each<[string, Outcome[], Partial<SpannedRun>, [number, number | null][], number]>([
    ["a start", [started(10)], { ended: false }, [[10, null]], WHOLE],
    ["a start and an end", [started(10), end(20)], {}, [[10, 20]], WHOLE],
    ["an end alone, from when it was first heard of", [end(20)], {}, [[10, 20]], WHOLE],
    ["an end that says when it began", [end(20, "failed", 5)], {}, [[5, 20]], WHOLE],
    ["two ends: to the later one", [started(10), end(20), end(25, "failed")], {}, [[10, 25]], WHOLE],
    [
      "a retry goes on in between",
      [started(10), end(20, "retrying"), started(30), end(40)],
      {},
      [
        [10, 30],
        [30, 40],
      ],
      30,
    ],
    [
      "started again after its end, and not ended since",
      [started(10), end(20), started(50)],
      { ended: false },
      [
        [10, 20],
        [50, null],
      ],
      50,
    ],
    [
      "done twice",
      [started(10), end(20, "failed"), started(50), end(60)],
      {},
      [
        [10, 20],
        [50, 60],
      ],
      50,
    ],
    ["a retry that has not begun", [started(10), end(20, "retrying")], { ended: false }, [[10, null]], WHOLE],
  ])("%s", (_name, outcomes, more, going, attempt_from) => {
    const span = spanOf(outcomes, more);
    expect(span.going.map(({ from, to }) => [from, to])).toEqual(going);
    expect(span.attempt_from).toBe(attempt_from);
  });

  test("starts at the first that is known of it, and its last word is the latest `at`", () => {
    expect(spanOf([end(20, "success", 5)])).toMatchObject({ start: 5, last_at: 20 });
    expect(spanOf([started(12)], { first_at: 10, last_at: 33, ended: false })).toMatchObject({
      start: 10,
      last_at: 33,
    });
  });
});
