import { expect, test } from "vitest";
import type { Reader, SlaRow } from "../../../src/ports.ts";
import {
  type SlaRequest,
  type SlaTargets,
  slaOfAll,
  slaOfPipeline,
  targetFor,
} from "../../../src/service/sla/read-sla.ts";

const NO_TARGETS: SlaTargets = { target: 99, targets: [] };
const REQUEST: SlaRequest = { kind: "quality", from: 1000, to: 2000, check_name: null, by_day: false };

const row = (pipeline_name: string, total: number, passed: number, more: Partial<SlaRow> = {}): SlaRow => ({
  pipeline_name,
  subject: null,
  day: null,
  total,
  passed,
  excluded: 0,
  ...more,
});

function deps(rows: SlaRow[], { meaning = null as number | null, targets = NO_TARGETS } = {}) {
  const reader: Pick<Reader, "slaCounts" | "runMeaningSince"> = {
    slaCounts: async () => rows,
    runMeaningSince: async () => meaning,
  };
  return { reader: reader as Reader, targets: () => targets };
}

test("a target of the most specific glob wins, in whatever order they are written", () => {
  const targets = [
    { pipeline_name: "sales_*", target: 95 },
    { pipeline_name: "*", target: 90 },
    { pipeline_name: "sales_daily", target: 99.9 },
  ];
  for (const order of [targets, targets.toReversed()]) {
    const all: SlaTargets = { target: 50, targets: order };
    expect(targetFor(all, "sales_daily", "run")).toBe(99.9);
    expect(targetFor(all, "sales_weekly", "run")).toBe(95);
    expect(targetFor(all, "stock", "run")).toBe(90);
  }
});

test("where no glob matches, the general target holds", () => {
  expect(targetFor({ target: 50, targets: [{ pipeline_name: "sales_*", target: 95 }] }, "stock", "run")).toBe(50);
});

test("of two targets with one glob that of the kind wins, in whatever order they are written", () => {
  const targets = [
    { pipeline_name: "a*", kind: "drift" as const, target: 80 },
    { pipeline_name: "a*", target: 95 },
  ];
  for (const order of [targets, targets.toReversed()]) {
    expect(targetFor({ target: 50, targets: order }, "abc", "drift")).toBe(80);
    expect(targetFor({ target: 50, targets: order }, "abc", "run")).toBe(95);
  }
});

test("a more specific glob wins over the kind's own", () => {
  const targets = [
    { pipeline_name: "a*", kind: "drift" as const, target: 80 },
    { pipeline_name: "ab*", target: 95 },
  ];
  expect(targetFor({ target: 50, targets }, "abc", "drift")).toBe(95);
});

test("no data is no rate and no breach: never 0 %", async () => {
  const [known, silent] = await slaOfAll(deps([row("a", 200, 197)]), REQUEST, ["a", "silent"]);
  // 197 of 200 is 98.5 %; 1 % of 200 may fail: 2, and 3 did.
  expect(known).toMatchObject({ rate: 98.5, state: "breaching", error_budget: { total: 2, remaining: -1 } });
  expect(silent).toMatchObject({ rate: null, state: "no_data", total: 0, error_budget: { total: 0, remaining: 0 } });
  expect(await slaOfPipeline(deps([]), REQUEST, "silent")).toMatchObject({ rate: null, state: "no_data", checks: [] });
});

test("all are answered by the names that were asked, in their order", async () => {
  const rows = [row("b", 1, 1), row("a", 1, 1), row("gone", 1, 1)];
  const answers = await slaOfAll(deps(rows), REQUEST, ["a", "b"]);
  expect(answers.map(({ pipeline_name }) => pipeline_name)).toEqual(["a", "b"]);
});

test("checks and days are sums of the same rows, each by its own order", async () => {
  const rows = [
    row("a", 10, 9, { subject: "z", day: 2, excluded: 1 }),
    row("a", 10, 10, { subject: "z", day: 1 }),
    row("a", 20, 10, { subject: "b", day: 2, excluded: 2 }),
  ];
  const answer = await slaOfPipeline(deps(rows), { ...REQUEST, by_day: true }, "a");
  // 29 of 40 is 72.5 %.
  expect(answer).toMatchObject({ total: 40, passed: 29, excluded: 3, rate: 72.5 });
  expect(answer.checks.map(({ check_name, total, passed, rate }) => [check_name, total, passed, rate])).toEqual([
    ["b", 20, 10, 50],
    ["z", 20, 19, 95],
  ]);
  // 19 of 30 is 63.333… %, cut.
  expect(answer.days?.map(({ day, total, rate, state }) => [day, total, rate, state])).toEqual([
    [1, 10, 100, "ok"],
    [2, 30, 63.333, "breaching"],
  ]);
});

test("days are null where nobody asked for them", async () => {
  expect((await slaOfPipeline(deps([row("a", 1, 1, { day: 1 })]), REQUEST, "a")).days).toBeNull();
});

test("runs that were counted otherwise are named where the window reaches back to them, and for runs alone", async () => {
  const runs: SlaRequest = { ...REQUEST, kind: "run" };
  const since = async (request: SlaRequest, meaning: number | null) =>
    (await slaOfAll(deps([], { meaning }), request, ["a"]))[0];
  expect(await since(runs, 1001)).toHaveProperty("meaning_since", 1001);
  expect(await since(runs, 1000)).not.toHaveProperty("meaning_since");
  expect(await since(runs, null)).not.toHaveProperty("meaning_since");
  expect(await since(REQUEST, 1001)).not.toHaveProperty("meaning_since");
});
