import { expect, test } from "vitest";
import { killEmbedded, killOnServer, postgresAway, postgresRestarted } from "../../bench/chaos/rounds.ts";

// The short version of `npm run chaos`; the seed makes it the same reports and the same moments each time.
const SEED = 20_201;

test("an agent that is killed under load keeps every acknowledged report exactly once", async () => {
  expect(await killOnServer({ seed: SEED, rounds: 3 })).toEqual([]);
});

test("so does one that is killed together with its embedded server, and no process stays behind", async () => {
  expect(await killEmbedded({ seed: SEED, rounds: 3 })).toEqual([]);
});

test("PostgreSQL may go away and come back under load", async () => {
  expect(await postgresAway({ seed: SEED, rounds: 2 })).toEqual([]);
});

test("PostgreSQL may be restarted while runs go on, and the agent lives", async () => {
  expect(await postgresRestarted({ seed: SEED, rounds: 3 })).toEqual([]);
});
