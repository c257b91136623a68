import { expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { apiKey, bearer, filesWith, startAgent, type TestAgent, testAgentOf, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

const server = await testServer();
const PATIENT = { timeout: 300_000 };

/** Follows the events; `ended` when the agent has closed the stream. */
async function listen({ port }: TestAgent, headers: Record<string, string> = {}) {
  const leaving = new AbortController();
  const url = `http://127.0.0.1:${port}/v1/events`;
  const response = await fetch(url, { headers, signal: leaving.signal });
  const heard = { status: response.status, text: "", ended: false, leave: () => leaving.abort() };
  void (async () => {
    try {
      for await (const chunk of response.body!) heard.text += Buffer.from(chunk).toString();
    } catch {
      // Closed by either side.
    }
    heard.ended = true;
  })();
  return heard;
}

test("tells runs, verdicts and gates as they are committed, each gate in the order of its decisions", async () => {
  const agent = await testAgentOf(server);
  const heard = await listen(agent);
  const story = new Story(agent, "orders");
  await story.run("1", "started");
  await story.quality("1", 1);
  await story.run("1", "success");
  await story.quality("1", 0.1);
  await story.report("drift", { run_id: "1", features: { age: { counts: [1, 2], reference: { counts: [1, 2] } } } });
  await expect.poll(() => heard.text, PATIENT).toContain("event: verdict");
  await expect.poll(() => heard.text, PATIENT).toContain('"decision":"block"');
  expect(heard.text).toMatch(/event: run\ndata: \{"pipeline_name":"orders","run_id":"1","status":"started"/);
  const decisions = [...heard.text.matchAll(/^data: .*"decision":"(\w+)"/gm)].map(([, decision]) => decision);
  expect(decisions[0]).toBe("pending");
  expect(decisions.at(-1)).toBe("block");
  heard.leave();
});

test("a key for some pipelines hears of no other", async () => {
  const limited = apiKey("limited", ["read", "report"], ["mine*"]);
  const all = apiKey("all", ["admin"]);
  const agent = await testAgentOf(server, { keys: [limited.entry, all.entry] });
  const heard = await listen(agent, bearer(limited.key));
  const quality = (pipeline_name: string) =>
    agent.post("/v1/runs", { pipeline_name, run_id: "1", status: "success" }, bearer(all.key));
  await quality("yours");
  await quality("mine");
  await expect.poll(() => heard.text, PATIENT).toContain("mine");
  expect(heard.text).not.toContain("yours");
  heard.leave();
});

test("whoever listens while the store is away is let go, and the agent lives on", async () => {
  let askAgain = () => {};
  const text = "gate:\n  max_age: 10s\n";
  const agent = await startAgent(server, {
    yaml: text,
    reloads: {
      // Another policy, so that all who listen are told anew.
      load: () => loadConfig({}, filesWith("gate:\n  max_age: 9s\n")).config,
      file: null,
      onRequest: (listener) => {
        askAgain = listener;
        return () => {};
      },
    },
  });
  try {
    const story = new Story(agent, "orders");
    await story.quality("1", 1);
    await story.run("1", "success");
    const heard = await listen(agent);
    const [row] = await agent.query<{ name: string }>("SELECT current_database() AS name");
    const admin = await (await testAgentOf(server)).session();
    // Evidence must not grow old before the store is away, else the agent writes that down and has an answer.
    await story.quality("1", 1);
    await admin.query(`DROP DATABASE ${row!.name} WITH (FORCE)`);
    // It is too old by now, which nobody can write down.
    await new Promise((resolve) => setTimeout(resolve, 10_100));
    askAgain();
    await expect.poll(() => heard.ended, PATIENT).toBe(true);
    expect((await agent.get("/healthz")).status).toBe(200);
    expect((await agent.get("/v1/gates/orders")).status).toBe(503);
  } finally {
    await agent.stop();
  }
});
