import { describe, expect, it } from "vitest";
import { errorBudget, slaRate, slaSpans, slaState } from "../../../src/domain/sla/sla.ts";
import { DAY, HOUR } from "../../../src/domain/words/time.ts";

describe("an SLA rate", () => {
  it("is that of the worked example: 118 of 120 is 98.333 %, breaching 99 %, 0.8 failures over the budget", () => {
    const count = { total: 120, passed: 118, excluded: 0 };
    expect(slaRate(count)).toBe(98.333);
    expect(slaState(count, 99)).toBe("breaching");
    expect(errorBudget(count, 99)).toEqual({ total: 1.2, remaining: -0.8 });
  });

  it("is nothing without data: neither 0 % nor 100 %", () => {
    const count = { total: 0, passed: 0, excluded: 3 };
    expect(slaRate(count)).toBeNull();
    expect(slaState(count, 99)).toBe("no_data");
    expect(errorBudget(count, 99)).toEqual({ total: 0, remaining: 0 });
  });

  it("is 100 only when everything passed", () => {
    expect(slaRate({ total: 1_000_000, passed: 999_999, excluded: 0 })).toBe(99.999);
    expect(slaRate({ total: 1_000_000, passed: 1_000_000, excluded: 0 })).toBe(100);
  });

  it("meets its target when it is exactly the target", () => {
    expect(slaState({ total: 100, passed: 99, excluded: 0 }, 99)).toBe("ok");
    expect(slaState({ total: 1000, passed: 999, excluded: 0 }, 99.9)).toBe("ok");
    expect(slaState({ total: 1000, passed: 998, excluded: 0 }, 99.9)).toBe("breaching");
  });
});

describe("the spans of a window", () => {
  const day = Date.UTC(2026, 10, 20);
  const covered = (from: number, to: number) => {
    const { months, days, hours, rows } = slaSpans({ from, to }, false);
    return [...months, ...days, ...hours, ...rows].sort((a, b) => a.from - b.from);
  };

  it.each([
    ["whole days", day, day + 3 * DAY],
    ["inside one hour", day + 60_000, day + 120_000],
    ["over one full hour", day + 60_000, day + 60_000 + HOUR],
    ["inside two hours", day + HOUR - 60_000, day + HOUR + 60_000],
    ["to the millisecond", day + 1, day + 30 * DAY + 1],
    ["one hour", day, day + HOUR],
    ["hours of two days", day - 2 * HOUR, day + 2 * HOUR],
    ["whole months", Date.UTC(2025, 10, 1), Date.UTC(2026, 1, 1)],
    ["a year from inside a month", Date.UTC(2023, 11, 17, 3, 4), Date.UTC(2024, 11, 17, 3, 4)],
    ["a month and an hour", Date.UTC(2024, 1, 1) - HOUR, Date.UTC(2024, 2, 1)],
  ])("cover %s without a gap or an overlap", (_name, from, to) => {
    const spans = covered(from, to);
    expect(spans[0]!.from).toBe(from);
    expect(spans.at(-1)!.to).toBe(to);
    for (let i = 1; i < spans.length; i++) expect(spans[i]!.from).toBe(spans[i - 1]!.to);
  });

  it("have whole months in UTC, unless it is asked for days", () => {
    const [from, to] = [Date.UTC(2024, 0, 31, 5), Date.UTC(2025, 0, 1, 5)];
    expect(slaSpans({ from, to }, false)).toEqual({
      months: [{ from: Date.UTC(2024, 1, 1), to: Date.UTC(2025, 0, 1) }],
      days: [],
      hours: [
        { from, to: Date.UTC(2024, 1, 1) },
        { from: Date.UTC(2025, 0, 1), to },
      ],
      rows: [],
    });
    expect(slaSpans({ from, to }, true)).toMatchObject({
      months: [],
      days: [{ from: Date.UTC(2024, 1, 1), to: Date.UTC(2025, 0, 1) }],
    });
  });

  it("read no more rows than those of two hours", () => {
    const { rows } = slaSpans({ from: day + 1, to: day + 365 * DAY + 5 }, false);
    expect(rows.reduce((sum, { from, to }) => sum + to - from, 0)).toBeLessThan(2 * HOUR);
  });
});
