import { expect, test } from "vitest";
import { severalAgents } from "../../bench/chaos/several/several.ts";

// The short version of `npm run chaos -- --only "several agents"`; the seed makes it the same faults at the same moments.
test("each of three agents may be killed, stopped, put to sleep and cut off, and PostgreSQL restarted", async () => {
  expect(await severalAgents({ seed: 20_201, rounds: 5 })).toEqual([]);
});
