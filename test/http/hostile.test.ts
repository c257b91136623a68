import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Honest } from "../../bench/hostile/honest.ts";
import { hugeReports } from "../../bench/hostile/loads/huge-reports.ts";
import { labelFlood } from "../../bench/hostile/loads/label-flood.ts";
import { muteListeners } from "../../bench/hostile/loads/mute-listeners.ts";
import { slowBodies } from "../../bench/hostile/loads/slow-bodies.ts";
import type { Answers, Load } from "../../bench/hostile/target.ts";
import { apiKey, startAgent, type TestAgent, testServer } from "../support/agent.ts";
import { eventsIn, listen } from "../support/listeners.ts";
import { settledMemory } from "../support/settled-memory.ts";

const server = await testServer();
const LONG = { timeout: 600_000 };
const MB = 1_048_576;
/** Rounds of reports and questions that are answered while somebody attacks. */
const ROUNDS = 25;

const honest = apiKey("honest", ["report", "read", "operate"]);
const hostile = apiKey("hostile", ["report", "read"]);
const as = ({ key }: { key: string }) => ({ authorization: `Bearer ${key}` });

let agent: TestAgent;
beforeAll(async () => {
  agent = await startAgent(server, {
    keys: [honest.entry, hostile.entry],
    limits: { new_pipelines_per_minute: 1000, request_timeout: 10_000, listener_timeout: 2000 },
  });
});
afterAll(() => agent.stop());

interface Attacked {
  answers: Answers;
  /** What the honest user was not answered as it must be. */
  failures: string[];
  /** Bytes that are still held some time after. */
  kept: () => number;
}

/** An honest user reports and asks all the while; at least so many rounds of it fall into the attack. */
async function attack(load: Load): Promise<Attacked> {
  const user = new Honest({ port: agent.port, key: honest.key, patience: 120_000 });
  user.start();
  await user.rounds(3);
  const before = settledMemory();
  const answers = await load.run({ port: agent.port, key: hostile.key }, () => user.rounds(ROUNDS));
  await user.stop();
  expect(user.asked.length).toBeGreaterThan(4 * ROUNDS);
  return { answers, failures: user.failures(), kept: () => settledMemory() - before };
}

const times = (answers: Answers, pattern: RegExp) =>
  [...answers].reduce((sum, [answer, count]) => sum + (pattern.test(answer) ? count : 0), 0);

describe("while another key attacks, honest reports and questions are answered, and memory comes back:", () => {
  test("listeners that do not read are bounded, and honest listeners hear their runs", LONG, async () => {
    const listener = await listen(agent.port, as(honest));
    const { answers, failures, kept } = await attack(muteListeners(300, 4));
    expect(failures).toEqual([]);
    expect(times(answers, /^events 200$/)).toBe(200);
    expect(times(answers, /^events 429$/)).toBe(100);
    expect(listener.ended).toBe(false);
    expect(listener.text).toContain('"pipeline_name":"honest_0"');
    expect(eventsIn(listener, "gate")).toBeGreaterThan(0);
    listener.leave();
    await expect.poll(kept, LONG).toBeLessThan(80 * MB);
  });

  test("a flood of names is bounded, and honest pipelines that are new have series", LONG, async () => {
    const began = Date.now();
    const { answers, failures, kept } = await attack(labelFlood(12));
    expect(failures).toEqual([]);
    // A thousand at once, so many more as time went by, and what the last batch but one of them owed.
    const most = 1000 + (Date.now() - began) * (1000 / 60_000) + 500;
    expect(500 * times(answers, /^200$/)).toBeLessThanOrEqual(most);
    expect(times(answers, /^(200|429 too_many_new)$/)).toBe(12);
    expect(times(answers, /^429/)).toBeGreaterThan(0);
    const run = { pipeline_name: "new_and_honest", run_id: "1", status: "failed" };
    expect((await agent.post("/v1/runs", run, as(honest))).status).toBe(200);
    expect((await agent.get("/metrics")).text).toMatch(
      /^pipeline_runs_total\{pipeline_name="new_and_honest",status="failed"\}\s+\d/m,
    );
    await expect.poll(kept, LONG).toBeLessThan(200 * MB);
    const archived = await agent.send({
      method: "DELETE",
      path: "/v1/pipelines?pipeline_name=flood_*",
      headers: as(honest),
    });
    expect(archived.body).toMatchObject({ archived: 500 * times(answers, /^200$/) });
    expect((await agent.get("/metrics")).text).not.toContain('"flood_');
  });

  test("huge bodies are refused or judged in slices", LONG, async () => {
    const { answers, failures, kept } = await attack(hugeReports(1));
    expect(failures).toEqual([]);
    expect(Object.fromEntries(answers)).toEqual({
      "/v1/drift 413 body_too_large": 1,
      "/v1/drift 200": 2,
      "/v1/reports 413 body_too_large": 1,
      "/v1/runs 413 body_too_large": 2,
    });
    await expect.poll(kept, LONG).toBeLessThan(150 * MB);
  });

  test("bodies that come a byte at a time end at the timeout", LONG, async () => {
    const { answers, failures, kept } = await attack(slowBodies(300, 60_000, true));
    expect(failures).toEqual([]);
    expect(times(answers, /^200$/)).toBe(0);
    await expect.poll(kept, LONG).toBeLessThan(80 * MB);
  });
});
