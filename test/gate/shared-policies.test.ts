import { afterEach, expect, test } from "vitest";
import { launchAgent, newDatabase, type TestAgent, testServer } from "../support/agent.ts";

const server = await testServer();
const PATIENT = { timeout: 300_000, interval: 20 };
const stops: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function agentOn(database_url: string, yaml: string): Promise<TestAgent> {
  const { agent, ready } = await launchAgent(database_url, { yaml });
  stops.push(() => agent.stop());
  await ready;
  return agent;
}

const OLDER = "gate: {quality: {failed: warn, overall: off}}\n";
const NEWER = "gate: {quality: {failed: block, overall: off}}\n";

async function report(agent: TestAgent, run_id: string): Promise<void> {
  const check = { pipeline_name: "p", run_id, check_name: "c", score: 0.1, threshold: 0.5 };
  expect((await agent.post("/v1/quality", check)).status).toBe(200);
  expect((await agent.post("/v1/runs", { pipeline_name: "p", run_id, status: "success" })).status).toBe(200);
}

const decision = async (agent: TestAgent) => ((await agent.get("/v1/gates/p")).body as { decision: string }).decision;

const byPolicy = async (agent: TestAgent) =>
  (await agent.query("SELECT decision FROM gate_transition WHERE cause = 'policy' ORDER BY at")).map(
    (row) => row.decision,
  );

test("the newest policies that an agent works with hold for all, and a restart with older ones changes nothing", async () => {
  const database_url = await newDatabase(server);
  const first = await agentOn(database_url, OLDER);
  await report(first, "1");
  expect(await decision(first)).toBe("warn");

  const second = await agentOn(database_url, NEWER);
  await expect.poll(() => decision(first), PATIENT).toBe("block");
  await expect.poll(() => decision(second), PATIENT).toBe("block");
  await first.stop();
  const again = await agentOn(database_url, OLDER);
  for (let run = 2; run < 8; run++) {
    await report(run % 2 === 0 ? again : second, String(run));
    for (const agent of [again, second]) await expect.poll(() => decision(agent), PATIENT).toBe("block");
  }
  expect(await byPolicy(again)).toEqual(["block"]);

  await second.stop();
  await expect.poll(() => decision(again), PATIENT).toBe("warn");
  expect(await byPolicy(again)).toEqual(["block", "warn"]);
});
