import { expect, test } from "vitest";
import { apiKey, bearer, type TestAgent, testAgentOf, testServer } from "../support/agent.ts";
import { eventsIn, listen, muteListener } from "../support/listeners.ts";
import { settledMemory } from "../support/settled-memory.ts";
import { expectProblem } from "./problems.ts";

const server = await testServer();
const LONG = { timeout: 600_000 };

/** One batch, one commit: a run that failed of each pipeline, with an error of this length. */
async function failedRuns(agent: TestAgent, pipelines: number, run_id: string, error = "x"): Promise<void> {
  const runs = Array.from({ length: pipelines }, (_, i) => ({
    kind: "run",
    pipeline_name: `pipeline_${i}`,
    run_id,
    status: "failed",
    error,
  }));
  const answer = await agent.post("/v1/reports", runs);
  expect(answer.body).toMatchObject({ accepted: pipelines });
}

test("a batch of 2 000 runs is told to a healthy listener in full, and cuts off nobody", {
  timeout: 600_000,
}, async () => {
  const agent = await testAgentOf(server, { limits: { new_pipelines_per_minute: 5000 } });
  const healthy = [await listen(agent.port), await listen(agent.port)];
  await failedRuns(agent, 2000, "1", "a sentence of some length about what went wrong. ".repeat(40));
  for (const listener of healthy) {
    await expect.poll(() => eventsIn(listener, "run"), LONG).toBe(2000);
    await expect.poll(() => eventsIn(listener, "gate"), LONG).toBe(2000);
    expect(listener.ended).toBe(false);
    listener.leave();
  }
});

test("1 500 listeners that do not read cost bounded memory, are let go, and healthy ones hear all", {
  timeout: 600_000,
}, async () => {
  const agent = await testAgentOf(server, {
    limits: {
      listeners_per_key: 2000,
      listeners: 2000,
      listener_timeout: 2000,
      new_pipelines_per_minute: 5000,
      body_bytes: 64 * 1_048_576,
    },
  });
  const before = settledMemory();
  const mute = await Promise.all(Array.from({ length: 1500 }, () => muteListener(agent.port)));
  const healthy = await listen(agent.port);
  const gone = () => mute.filter((socket) => socket.destroyed || socket.readableEnded || closed.has(socket)).length;
  const closed = new Set<unknown>();
  for (const socket of mute) socket.once("close", () => closed.add(socket));
  const long = "what went wrong, at length; ".repeat(290);
  let most = 0;
  let rounds = 0;
  // The kernel takes some megabytes of each connection before the agent notices that nobody reads.
  for (; rounds < 8; rounds++) {
    await failedRuns(agent, 300, String(rounds), long);
    expect((await agent.get("/v1/gates/pipeline_0")).body).toMatchObject({ decision: "block" });
    most = Math.max(most, settledMemory() - before);
  }
  await expect.poll(() => eventsIn(healthy, "run"), LONG).toBe(300 * rounds);
  expect(healthy.ended).toBe(false);
  // A megabyte each would be 1.5 GB. They are mute: what is held for them is what one write holds, and the log.
  expect(most).toBeLessThan(300 * 1_048_576);
  for (const socket of mute) socket.resume();
  await expect.poll(gone, LONG).toBe(1500);
  healthy.leave();
  await expect.poll(() => settledMemory() - before, LONG).toBeLessThan(100 * 1_048_576);
});

test("listeners are bounded by key and in all; who leaves makes place", LONG, async () => {
  const one = apiKey("one", ["read"]);
  const other = apiKey("other", ["read"]);
  const agent = await testAgentOf(server, {
    keys: [one.entry, other.entry],
    limits: { listeners_per_key: 2, listeners: 3 },
  });
  const first = await listen(agent.port, bearer(one.key));
  await listen(agent.port, bearer(one.key));
  const refused = await agent.get("/v1/events", bearer(one.key));
  expectProblem(refused, "too_many_listeners", /at most 2 of one API key or address/);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  const third = await listen(agent.port, bearer(other.key));
  expect(third.status).toBe(200);
  expectProblem(await agent.get("/v1/events", bearer(other.key)), "too_many_listeners", /at most 3 may follow/);
  first.leave();
  await expect
    .poll(async () => {
      const again = await listen(agent.port, bearer(other.key));
      if (again.status !== 200) again.leave();
      return again.status;
    }, LONG)
    .toBe(200);
});
