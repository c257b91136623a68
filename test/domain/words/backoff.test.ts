import { expect, test } from "vitest";
import { retryAfter } from "../../../src/domain/notices/plan/backoff.ts";
import { backoffDelay } from "../../../src/domain/words/backoff.ts";

const backoff = { first: 100, most: 10_000 };

test.each([
  [1, 100],
  [2, 200],
  [3, 400],
  [7, 6400],
  [8, 10_000],
  [5000, 10_000],
])("after %d failures in a row it waits %d ms", (failures, ms) => expect(backoffDelay(backoff, failures)).toBe(ms));

test("a notice waits between half and all of it, and never less than the channel asked for", () => {
  expect(retryAfter(backoff, 3, null, 0)).toBe(200);
  expect(retryAfter(backoff, 3, null, 0.999)).toBe(400);
  expect(retryAfter(backoff, 3, 5000, 0.5)).toBe(5000);
  expect(retryAfter(backoff, 3, 10, 0)).toBe(200);
});
