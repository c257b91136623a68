import { expect, test } from "vitest";
import { together } from "../../src/ports/together.ts";

test("answers come back by name, whatever came first, and what was not asked for is as it was given", async () => {
  const slow = new Promise<string>((resolve) => setImmediate(resolve, "slow"));
  const answers = await together({ slow, quick: Promise.resolve(1), none: [], absent: undefined });
  expect(answers).toEqual({ slow: "slow", quick: 1, none: [], absent: undefined });
});

test("it fails as the first that fails, and the failures of others are heard", async () => {
  const asked = { one: Promise.reject(new Error("first")), two: Promise.reject(new Error("second")) };
  await expect(together(asked)).rejects.toThrow("first");
});
