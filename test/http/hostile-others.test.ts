import { afterAll, beforeAll, expect, test } from "vitest";
import { Honest } from "../../bench/hostile/honest.ts";
import { catastrophicGlobs } from "../../bench/hostile/loads/catastrophic-globs.ts";
import { slowBodies } from "../../bench/hostile/loads/slow-bodies.ts";
import type { Answers, Load } from "../../bench/hostile/target.ts";
import { apiKey, startAgent, type TestAgent, testServer } from "../support/agent.ts";

const server = await testServer();
const LONG = { timeout: 600_000 };
const ROUNDS = 25;
const MB = 1_048_576;

const honest = apiKey("honest", ["report", "read"]);
const hostile = apiKey("hostile", ["report", "read"]);

let agent: TestAgent;
beforeAll(async () => {
  agent = await startAgent(server, {
    keys: [honest.entry, hostile.entry],
    // What 256 of the sockets announce, to the byte: what did not come must not be counted.
    limits: { bodies_in_flight_bytes: 16 * MB, request_timeout: 3000 },
  });
});
afterAll(() => agent.stop());

/** What an honest user is not answered as it must be while somebody attacks, and what the attacker is. */
async function attack(load: Load): Promise<{ failures: string[]; answers: Answers }> {
  const user = new Honest({ port: agent.port, key: honest.key, patience: 60_000 });
  user.start();
  await user.rounds(3);
  const answers = await load.run({ port: agent.port, key: hostile.key }, () => user.rounds(ROUNDS));
  await user.stop();
  return { failures: user.failures(), answers };
}

test("sockets that announce bodies and send none take nobody's place", LONG, async () => {
  const { failures } = await attack(slowBodies(600, 65_536, false));
  expect(failures).toEqual([]);
  // Those that were not answered have ended, and hold nothing.
  const again = await attack(slowBodies(600, 65_536, false));
  expect(again.failures).toEqual([]);
});

test("globs that a backtracking matcher never comes back from are answered", LONG, async () => {
  const { failures, answers } = await attack(catastrophicGlobs(2));
  expect(failures).toEqual([]);
  expect([...answers.keys()].filter((answer) => !/^(200|evaluate (200|422 \w+))$/.test(answer))).toEqual([]);
});
