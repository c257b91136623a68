import { describe, expect, test } from "vitest";
import { ringsOf } from "../../../src/adapters/cron/rings.ts";

const at = (text: string) => Date.parse(text);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("a bell", () => {
  test.each([
    // The clock jumps from 02:00 to 03:00 at 01:00Z: what it skips rings then.
    ["30 2 * * *", "Europe/Berlin", "2027-03-27T20:00:00Z", "2027-03-28T01:00:00.000Z"],
    ["30 2 * * *", "America/New_York", "2027-03-13T20:00:00Z", "2027-03-14T07:00:00.000Z"],
    // Midnight itself is skipped.
    ["0 0 * * *", "America/Santiago", "2027-09-04T20:00:00Z", "2027-09-05T04:00:00.000Z"],
    ["0 8 * * *", "Asia/Kathmandu", "2026-11-20T02:15:00Z", "2026-11-21T02:15:00.000Z"],
    // 02:30 comes twice: the first one rings.
    ["30 2 * * *", "Europe/Berlin", "2026-10-24T20:00:00Z", "2026-10-25T00:30:00.000Z"],
  ])("%s in %s rings after %s at %s", (expression, timezone, after, next) => {
    expect(new Date(ringsOf(expression, timezone).next(at(after))).toISOString()).toBe(next);
  });

  test("on weekdays covers the weekend on Monday", () => {
    const rings = ringsOf("0 8 * * 1-5", "Europe/Berlin");
    const monday = at("2026-11-23T07:00:00Z");
    expect(rings.last(monday)).toBe(at("2026-11-20T07:00:00Z"));
    expect(rings.next(rings.last(monday))).toBe(monday);
  });

  /** Two years hold both changes of each zone, in either order. */
  test.each([
    ["0 8 * * *", "Europe/Berlin"],
    ["30 2 * * *", "America/New_York"],
    ["30 2 * * *", "Europe/Berlin"],
    ["0 0 * * *", "America/Santiago"],
    ["0 8 * * 1-5", "America/Santiago"],
    ["45 5 * * *", "Asia/Kathmandu"],
    ["0 8 * * 1", "America/New_York"],
  ])("%s in %s leaves no moment of two years out, and none in twice", (expression, timezone) => {
    const rings = ringsOf(expression, timezone);
    const end = at("2028-01-01T00:00:00Z");
    let last = rings.last(at("2026-01-01T00:00:00Z"));
    let count = 0;
    while (last < end) {
      const next = rings.next(last);
      expect(next).toBeGreaterThan(last);
      expect(rings.last(next)).toBe(last);
      expect((next - last) % (HOUR / 4)).toBe(0);
      last = next;
      count++;
    }
    const days = (end - at("2026-01-01T00:00:00Z")) / DAY;
    if (expression.endsWith("* * *")) expect(Math.abs(count - days)).toBeLessThanOrEqual(1);
  });

  test.each(["61 8 * * *", "0 8 * *", "* * * * * *", "0 0 30 2 *"])("refuses %s", (expression) => {
    expect(() => ringsOf(expression, "UTC").next(0)).toThrow();
  });
});
