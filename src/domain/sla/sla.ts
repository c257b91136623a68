import { DAY, HOUR, startOfDay, startOfHour, startOfMonth } from "../words/time.ts";
import { atLeast } from "../words/tolerance.ts";

export const SLA_KINDS = ["quality", "run", "drift", "freshness", "volume", "latency"] as const;
export type SlaKind = (typeof SLA_KINDS)[number];

/** A span of time, from (inclusive) to (exclusive), milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/** A window split into the parts that the rollups cover and the rows at its ends, without empty spans. */
export interface SlaSpans {
  months: Span[];
  days: Span[];
  hours: Span[];
  rows: Span[];
}

/**
 * Whole months, whole days around them, whole hours around those, each from its own rollup, and the rows of the broken hours:
 * exact for any window. `by_day`: no months, of which nobody can tell the days.
 */
export function slaSpans({ from, to }: Span, by_day: boolean): SlaSpans {
  const firstHour = startOfHour(from + HOUR - 1);
  const lastHour = startOfHour(to);
  if (firstHour >= lastHour) return { months: [], days: [], hours: [], rows: some([{ from, to }]) };
  const rows = some([
    { from, to: firstHour },
    { from: lastHour, to },
  ]);
  const firstDay = startOfDay(firstHour + DAY - 1);
  const lastDay = startOfDay(lastHour);
  if (firstDay >= lastDay) return { months: [], days: [], hours: [{ from: firstHour, to: lastHour }], rows };
  const hours = some([
    { from: firstHour, to: firstDay },
    { from: lastDay, to: lastHour },
  ]);
  const firstMonth = startOfMonth(firstDay - 1, 1);
  const lastMonth = startOfMonth(lastDay);
  if (by_day || firstMonth >= lastMonth) return { months: [], days: [{ from: firstDay, to: lastDay }], hours, rows };
  const days = some([
    { from: firstDay, to: firstMonth },
    { from: lastMonth, to: lastDay },
  ]);
  return { months: [{ from: firstMonth, to: lastMonth }], days, hours, rows };
}

function some(spans: Span[]): Span[] {
  return spans.filter(({ from, to }) => from < to);
}

export interface SlaCount {
  total: number;
  passed: number;
  excluded: number;
}

export type SlaState = "ok" | "breaching" | "no_data";

/**
 * Passed × 100 / total, cut (not rounded) to three decimals, so that 100 means that everything passed.
 * null where there is no data, which is neither 0 % nor 100 %.
 */
export function slaRate({ total, passed }: SlaCount): number | null {
  return total === 0 ? null : Math.floor((passed * 100_000) / total) / 1000;
}

/** `target` is a percentage. */
export function slaState({ total, passed }: SlaCount, target: number): SlaState {
  if (total === 0) return "no_data";
  return atLeast((passed * 100) / total, target) ? "ok" : "breaching";
}

/** The failures that the target allows among `total` results, and how many of them are left (negative: overspent). */
export function errorBudget({ total, passed }: SlaCount, target: number): { total: number; remaining: number } {
  const budget = ((100 - target) * total) / 100;
  return { total: rounded(budget), remaining: rounded(budget - (total - passed)) };
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
