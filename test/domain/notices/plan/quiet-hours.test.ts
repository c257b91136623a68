import { expect, test } from "vitest";
import { quietUntil } from "../../../../src/domain/notices/plan/quiet-hours.ts";

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
  [night, "2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z"],
  [{ ...night, weekends: true }, "2027-03-27T12:00:00Z", "2027-03-29T05:00:00Z"],
  [{ ...night, timezone: "America/New_York" }, "2027-03-14T04:00:00Z", "2027-03-14T11:00:00Z"],
  [{ ...night, timezone: "America/New_York" }, "2026-11-01T03:00:00Z", "2026-11-01T12:00:00Z"],
  // Midnight of 5 September 2027 is skipped in Santiago, and 23:00 to 24:00 of 3 April comes twice.
  [{ ...night, timezone: "America/Santiago" }, "2027-09-05T02:30:00Z", "2027-09-05T10:00:00Z"],
  [{ ...night, to: 30, timezone: "America/Santiago" }, "2027-09-05T02:30:00Z", "2027-09-05T04:00:00Z"],
  [{ ...night, timezone: "America/Santiago" }, "2027-04-04T02:30:00Z", "2027-04-04T11:00:00Z"],
  [{ ...night, timezone: "Asia/Kathmandu" }, "2026-11-20T17:00:00Z", "2026-11-21T01:15:00Z"],
  [lunch, "2026-11-20T12:45:10Z", "2026-11-20T13:30:00Z"],
  [lunch, "2026-11-20T13:30:00Z", null],
  [null, "2026-11-20T12:45:10Z", null],
])("%o at %s is quiet until %s", (quiet, now, end) => {
  expect(quietUntil(quiet, at(now))).toBe(until(end));
});

const DAY = 86_400_000;

/** The hour of the day there, which is another at the same UTC time after the clocks have changed. */
function hourIn(timezone: string, time: number): string {
  return new Intl.DateTimeFormat("en", { timeZone: timezone, hour: "numeric", minute: "numeric" }).format(time);
}

/**
 * Every night of a year in which clocks change: the end is the first minute that is not quiet. The nights around a change
 * are gone through minute by minute over three hours, the others over the last five minutes.
 */
test.each(["Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe"])(
  "in %s the quiet ends exactly, in every night of a year",
  (timezone) => {
    const hours = { ...night, timezone };
    const start = at("2026-10-01T00:00:00Z");
    let changes = 0;
    for (let day = 0; day < 366; day++) {
      const now = start + day * DAY;
      const end = quietUntil(hours, now);
      const changing = hourIn(timezone, now - 2 * DAY) !== hourIn(timezone, now + 2 * DAY);
      if (changing) changes++;
      if (end === null) continue;
      expect(quietUntil(hours, end)).toBeNull();
      for (let back = 1; end - back * 60_000 > now && back <= (changing ? 180 : 5); back++) {
        expect(quietUntil(hours, end - back * 60_000)).toBe(end);
      }
    }
    if (timezone === "Asia/Kathmandu") expect(changes).toBe(0);
    else expect(changes).toBeGreaterThanOrEqual(8);
  },
);
