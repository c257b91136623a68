import { expect, test } from "vitest";
import { redact } from "../../src/config.ts";
import { isLoopbackHost } from "../../src/http/access/auth.ts";
import { numberOf } from "../../src/intake/histograms/parts/reading.ts";

const LONG = 300_000;

/** Texts that make a regular expression try each of its beginnings to the end: hours, where it does. */
test.each<[string, () => unknown, unknown]>([
  ["a number that is none at its end", () => numberOf(`${"1".repeat(LONG)}x`), Number.NaN],
  ["a number of digits alone", () => numberOf("1".repeat(LONG)), Number.POSITIVE_INFINITY],
  ["a number with two points", () => numberOf(`${"1".repeat(LONG)}.${"1".repeat(LONG)}.`), Number.NaN],
  ["a text that might begin a URL at each letter", () => redact("a".repeat(LONG)).length, LONG],
  ["a text of many beginnings of URLs", () => redact("a://b:".repeat(LONG / 10)).length, (LONG / 10) * 6],
  ["a query that might be a secret", () => redact(`?${"pass".repeat(LONG / 4)}`).length, LONG + 1],
  ["a host with many dots", () => isLoopbackHost(`${".localhost".repeat(LONG / 10)}x`), false],
])(
  "%s is read in a moment",
  (_what, read, result) => {
    expect(read()).toEqual(result);
  },
  60_000,
);

test("numbers and secrets are still known", () => {
  expect(["1", "1.", "1.5", ".5", "-1e3", "+2.5E-1"].map(numberOf)).toEqual([1, 1, 1.5, 0.5, -1000, 0.25]);
  expect(redact("postgres://u:p@w@h/d?password=x&my_token_2=y#z")).toBe(
    "postgres://u:<secret>@h/d?password=<secret>&my_token_2=<secret>#z",
  );
});
