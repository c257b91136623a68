import { expect, test } from "vitest";
import { failovers } from "../../bench/chaos/failover/failover.ts";
import { SITE_FAULTS } from "../../bench/chaos/failover/faults.ts";

// The short version of `npm run chaos -- --only "behind a balancer"`: an agent killed, a failover, a rolling restart.
test("three agents behind HAProxy outlive one of them, the primary, and a rolling restart that no client notices", async () => {
  const faults = [SITE_FAULTS[0]!, SITE_FAULTS[3]!];
  expect(await failovers({ seed: 20_201, rounds: faults.length, faults, restarts: 1 })).toEqual([]);
});
