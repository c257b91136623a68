import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatTime, isTime, parseTime, startOfDay, startOfHour } from "../../../src/domain/words/time.ts";

const NOON = Date.UTC(2026, 10, 20, 12);
const [FIRST, LAST] = [Date.parse("0001-01-01T00:00:00.000Z"), Date.parse("9999-12-31T23:59:59.999Z")];
/** Every millisecond that can be written. */
const moment = fc.integer({ min: FIRST, max: LAST });

describe("a time", () => {
  test.each([
    ["2026-11-20T12:00:00Z", NOON],
    ["2026-11-20t12:00:00z", NOON],
    ["2026-11-20 12:00:00", NOON],
    ["2026-11-20T12:00", NOON],
    ["2026-11-20T12:00:00+00:00", NOON],
    ["2026-11-20T12:00:00-00:00", NOON],
    ["2026-11-20T17:30:00+05:30", NOON],
    ["2026-11-20T01:00:00-1100", NOON],
    ["2026-11-20T12:00:00 +00:00", NOON],
    ["2026-11-20T12:00:00.5Z", NOON + 500],
    ["2026-11-20T12:00:00,25Z", NOON + 250],
    ["2026-11-20T12:00:00.123456789Z", NOON + 123],
    ["2026-11-20T12:00:00.9999Z", NOON + 999],
    ["2016-12-31T23:59:60Z", Date.UTC(2017, 0, 1)],
    ["2026-11-19T24:00:00Z", Date.UTC(2026, 10, 20)],
    ["2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
    ["0001-01-01T00:00:00Z", FIRST],
    ["9999-12-31T23:59:59.999Z", LAST],
    ["1970-01-01T00:00:00Z", 0],
    [NOON / 1000, NOON],
    [NOON / 1000 + 0.1234, NOON + 123],
    [-0.5, -500],
    [0, 0],
  ])("%j is read", (value, ms) => {
    expect(parseTime(value)).toBe(ms);
  });

  test.each([
    "",
    "now",
    "2026-11-20",
    "12:00:00",
    "20261120T120000Z",
    "2026-11-20T12:00:00ZZ",
    " 2026-11-20T12:00:00Z",
    "2026-11-20T12:00:00Z\n",
    "2026-11-20T12:00:00\nZ",
    "2026-11-20T25:00:00Z",
    "2026-11-20T24:00:01Z",
    "2026-11-20T24:30:00Z",
    "2026-11-20T12:60:00Z",
    "2026-11-20T12:00:61Z",
    "2026-11-20T12:00:00+24:00",
    "2026-11-20T12:00:00+05:60",
    "2026-11-20T12:00:00+5",
    "2026-11-20T12:00:00 UTC",
    "2026-00-10T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-11-31T00:00:00Z",
    "2026-11-00T00:00:00Z",
    "0000-12-31T23:59:59Z",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "+275760-09-13T00:00:00Z",
    "275760-09-13T00:00:00Z",
    "-0001-01-01T00:00:00Z",
    "２026-11-20T12:00:00Z",
    8.64e12,
    -62135596801,
    1e300,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ])("%j is none", (value) => {
    expect(parseTime(value)).toBeNull();
  });

  test("is read as Date reads what Date writes, for every millisecond of the years 1 to 9999", () => {
    fc.assert(
      fc.property(moment, (ms) => {
        const text = new Date(ms).toISOString();
        expect(parseTime(text)).toBe(Date.parse(text));
        expect(parseTime(text.replace("Z", ""))).toBe(ms);
        expect(parseTime(formatTime(ms))).toBe(ms);
        expect(isTime(ms)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("is read as Date reads it at every offset", () => {
    const offset = fc.record({ sign: fc.constantFrom("+", "-"), h: fc.nat({ max: 23 }), m: fc.nat({ max: 59 }) });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), offset, (ms, { sign, h, m }) => {
        const zone = `${sign}${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`;
        const text = new Date(ms).toISOString().replace("Z", zone);
        expect(parseTime(text)).toBe(Date.parse(text));
      }),
    );
  });

  test("in Unix seconds is the same moment", () => {
    fc.assert(
      fc.property(moment, (ms) => {
        expect(parseTime(ms / 1000)).toBe(ms);
      }),
      { numRuns: 1000 },
    );
  });

  test("that is none is refused and never thrown over, and what is read can be written", () => {
    const digits = fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,5})?)?(Z|[+-]\d\d:\d\d)?$/);
    fc.assert(
      fc.property(fc.oneof(digits, fc.string(), fc.double()), (value) => {
        const ms = parseTime(value);
        if (ms !== null) expect(parseTime(formatTime(ms))! - ms).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the written form", () => {
  test("is UTC with Z, with milliseconds only where there are some", () => {
    expect(formatTime(NOON)).toBe("2026-11-20T12:00:00Z");
    expect(formatTime(NOON + 7)).toBe("2026-11-20T12:00:00.007Z");
    expect(formatTime(FIRST)).toBe("0001-01-01T00:00:00Z");
  });
});

test("hours and days start at or before the moment, in UTC, before 1970 too", () => {
  fc.assert(
    fc.property(moment, (ms) => {
      for (const [start, size] of [
        [startOfHour(ms), 3_600_000],
        [startOfDay(ms), 86_400_000],
      ] as const) {
        expect(start <= ms && ms < start + size && Math.abs(start % size) === 0).toBe(true);
      }
    }),
  );
});
