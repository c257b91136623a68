import { describe, expect, test } from "vitest";
import { type Ring, ringOnTime } from "../../../src/adapters/cron/cron.ts";
import { ringsOf } from "../../../src/adapters/cron/rings.ts";

const at = (text: string) => Date.parse(text);
const MINUTE = 60_000;

/** Rings until `end`, on a clock that goes on by what is slept; `jump` is what it gains at a sleep of its own accord. */
async function rung(expression: string, timezone: string, [start, end]: [string, string], jump = 0): Promise<string[]> {
  let now = at(start);
  let jumped = false;
  const heard: Ring[] = [];
  await ringOnTime(ringsOf(expression, timezone), {
    clock: { now: () => now },
    sleep: async (ms) => {
      now += jumped ? ms : ms + jump;
      jumped = true;
    },
    ring: async (one) => void heard.push(one),
    stopped: () => now > at(end),
  });
  return heard.map(({ from, to }) => `${new Date(from).toISOString()} ${new Date(to).toISOString()}`);
}

describe("a digest rings", () => {
  test("each weekday, on Monday for three days", async () => {
    expect(await rung("0 8 * * 1-5", "UTC", ["2026-11-20T07:00:00Z", "2026-11-23T09:00:00Z"])).toEqual([
      "2026-11-19T08:00:00.000Z 2026-11-20T08:00:00.000Z",
      "2026-11-20T08:00:00.000Z 2026-11-23T08:00:00.000Z",
    ]);
  });

  test("for 25 hours after the night in which the clock goes back, for 23 in spring", async () => {
    expect(await rung("0 8 * * *", "Europe/Berlin", ["2026-10-25T05:00:00Z", "2026-10-25T10:00:00Z"])).toEqual([
      "2026-10-24T06:00:00.000Z 2026-10-25T07:00:00.000Z",
    ]);
    expect(await rung("0 8 * * *", "America/New_York", ["2027-03-14T05:00:00Z", "2027-03-14T15:00:00Z"])).toEqual([
      "2027-03-13T13:00:00.000Z 2027-03-14T12:00:00.000Z",
    ]);
  });

  test("once for what the machine slept through", async () => {
    const span: [string, string] = ["2026-11-20T07:00:00Z", "2026-11-23T09:00:00Z"];
    expect(await rung("0 8 * * *", "UTC", span, 3 * 24 * 60 * MINUTE)).toEqual([
      "2026-11-19T08:00:00.000Z 2026-11-22T08:00:00.000Z",
      "2026-11-22T08:00:00.000Z 2026-11-23T08:00:00.000Z",
    ]);
  });
});
