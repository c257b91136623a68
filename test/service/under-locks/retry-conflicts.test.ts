import { expect, test } from "vitest";
import { StoreError } from "../../../src/ports.ts";
import { retryConflicts } from "../../../src/service/under-locks/retry-conflicts.ts";

async function triesOf(reason: StoreError["reason"], failures: number): Promise<[tries: number, result: string]> {
  let tries = 0;
  const work = async () => {
    if (++tries <= failures) throw new StoreError(reason, "failed", {});
    return "done";
  };
  return retryConflicts(work).then(
    (result) => [tries, result],
    (error: StoreError) => [tries, error.reason],
  );
}

test("a conflict is tried again, five times in all", async () => {
  expect(await triesOf("conflict", 4)).toEqual([5, "done"]);
  expect(await triesOf("conflict", 5)).toEqual([5, "conflict"]);
});

test.each(["unavailable", "refused", "broken"] as const)("%s is not tried again", async (reason) => {
  expect(await triesOf(reason, 1)).toEqual([1, reason]);
});
