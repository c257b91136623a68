import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../../src/domain/words/duration.ts";

test.each([
  ["0s", 0],
  ["30s", 30_000],
  ["10m", 600_000],
  ["2h", 7_200_000],
  ["7d", 604_800_000],
  ["007d", 604_800_000],
])("%s is %d ms", (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each(["", "30", "s", "-1s", "1.5h", "1h30m", "30 s", "30S", "1w", " 30s", "30s\n", "٣s", "999999999999d"])(
  "%j is no duration",
  (text) => expect(parseDuration(text)).toBeNull(),
);

test.each([
  [0, "0s"],
  [90_000, "90s"],
  [120_000, "2m"],
  [86_400_000, "1d"],
  [400 * 86_400_000, "400d"],
  [90_000_000, "25h"],
  [1_999, "1s"],
])("%d ms is written %s", (ms, text) => expect(formatDuration(ms)).toBe(text));
