import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { Story } from "../gate/story.ts";
import { filesWith, startAgent, type TestAgent, takeLog, testServer } from "../support/agent.ts";
import { OK, type ToldServer, toldServer } from "../support/notify/http-server.ts";

const server = await testServer();
const PATIENT = { timeout: 120_000 };

let agent: TestAgent;
let first: ToldServer;
let second: ToldServer;
let text: string;
let askAgain: () => void;

beforeAll(async () => {
  [first, second] = await Promise.all([toldServer(), toldServer()]);
});
afterEach(async () => {
  await agent.stop();
  for (const one of [first, second]) {
    one.behave(OK);
    one.received.length = 0;
  }
});
afterAll(() => Promise.all([first.stop(), second.stop()]));

async function begin(yaml: string): Promise<void> {
  text = yaml;
  agent = await startAgent(server, {
    yaml,
    reloads: {
      load: () => loadConfig({}, filesWith(text)).config,
      file: null,
      onRequest: (listener) => {
        askAgain = listener;
        return () => {};
      },
    },
  });
  takeLog();
}

async function write(yaml: string): Promise<void> {
  const lines: string[] = [];
  text = yaml;
  askAgain();
  await expect
    .poll(() => {
      lines.push(...takeLog().map(({ msg }) => msg as string));
      return lines;
    }, PATIENT)
    .toContain("the configuration was read again");
}

const told = ({ received }: ToldServer) =>
  received.map(({ body }) => {
    const { kind, pipelines } = body as { kind: string; pipelines: { pipeline_name: string }[] };
    return `${kind} ${pipelines.map(({ pipeline_name }) => pipeline_name)}`;
  });
const notices = async () =>
  (
    await agent.query<{ channel: string; state: string; last_error: string | null }>(
      "SELECT channel, state, last_error FROM notice ORDER BY seq",
    )
  ).map(({ channel, state, last_error }) => `${channel} ${state}${last_error === null ? "" : `: ${last_error}`}`);
const metrics = async () => (await agent.get("/metrics")).text;
const hook = (name: string, { url }: ToldServer) => `{name: ${name}, type: webhook, url: "${url}/${name}"}`;
const channels = (...some: string[]) => `notices: {group_wait: 0s, channels: [${some.join(", ")}]}\n`;
const fail = (name: string) => new Story(agent, name).run("1", "failed");
async function succeed(name: string): Promise<void> {
  const story = new Story(agent, name);
  await story.quality("2", 1);
  await story.run("2", "success");
  expect(await story.says()).toBe("pass");
}

test("an agent without a channel gets some, and then none, and then another, while it runs", async () => {
  await begin("{}\n");
  await fail("before");
  await write(channels(hook("one", first)));
  await fail("orders");
  await expect.poll(() => told(first), PATIENT).toEqual(["opened orders"]);
  await expect.poll(metrics, PATIENT).toMatch(/^sluice_notices_total\{channel="one",outcome="sent"\} 1$/m);
  expect((await agent.post("/v1/notices/test", { channel: "one" })).status).toBe(201);
  await expect.poll(() => first.received.length, PATIENT).toBe(2);
  await write("{}\n");
  expect((await agent.post("/v1/notices/test", { channel: "one" })).status).toBe(404);
  // What ends and what begins meanwhile is known when there is a channel again.
  await succeed("orders");
  await fail("users");
  await write(channels(hook("two", second)));
  await expect.poll(() => told(second), PATIENT).toEqual(["opened users"]);
  expect(told(first)).toEqual(["opened orders", expect.stringMatching(/^test/)]);
  expect(await metrics()).toMatch(/^sluice_notices_total\{channel="two",outcome="dead"\} 0$/m);
});

test("a notice that waits for a channel that is gone ends as dead, and its threads are over; the other channel goes on", async () => {
  first.behave({ status: 503 });
  await begin(channels(hook("gone", first), hook("kept", second)));
  await fail("orders");
  await expect.poll(() => [first.received.length, told(second)], PATIENT).toEqual([1, ["opened orders"]]);
  await expect.poll(notices, PATIENT).toEqual([expect.stringMatching(/^gone pending: /), "kept sent"]);
  await write(channels(hook("kept", second)));
  await expect.poll(notices, PATIENT).toEqual(["gone dead: the channel is no longer configured", "kept sent"]);
  expect(await agent.query("SELECT channel, closed_at IS NULL AS open FROM notice_thread ORDER BY channel")).toEqual([
    { channel: "gone", open: false },
    { channel: "kept", open: true },
  ]);
  expect(await metrics()).toMatch(/^sluice_notices_total\{channel="gone",outcome="dead"\} 1$/m);
  await succeed("orders");
  await expect.poll(() => told(second), PATIENT).toEqual(["opened orders", "resolved orders"]);
  expect(first.received).toHaveLength(1);
  // One that comes back is told of what is wrong then.
  first.behave(OK);
  await fail("users");
  await write(channels(hook("gone", first), hook("kept", second)));
  await expect.poll(() => told(first).slice(1), PATIENT).toEqual(["opened users"]);
});

/** The first channel is sent a notice, and waits for this to be answered. */
async function heldAnswer(): Promise<ServerResponse> {
  let answer: ServerResponse | undefined;
  first.behave((_received, response) => {
    answer = response;
  });
  await begin(channels(hook("ops", first)));
  await fail("orders");
  await expect.poll(() => answer, PATIENT).toBeDefined();
  return answer!;
}

test("what is being sent is sent to its end by the old address, nothing beside it, and what follows goes to the new one", async () => {
  const answer = await heldAnswer();
  await write(channels(hook("ops", second)));
  await fail("users");
  await expect.poll(notices, PATIENT).toEqual(["ops pending", "ops pending"]);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect([told(first), told(second)]).toEqual([["opened orders"], []]);
  answer.writeHead(200).end("ok");
  await expect.poll(() => told(second), PATIENT).toEqual(["opened users"]);
  await expect.poll(notices, PATIENT).toEqual(["ops sent", "ops sent"]);
  expect(told(first)).toEqual(["opened orders"]);
});

test("a channel that is taken away while it sends may finish; where that fails it is not tried again", async () => {
  const answer = await heldAnswer();
  await write("{}\n");
  expect(await notices()).toEqual(["ops pending"]);
  answer.writeHead(503).end();
  await expect.poll(notices, PATIENT).toEqual(["ops dead: the channel is no longer configured"]);
  expect(first.received).toHaveLength(1);
});

test("changed routes and teams are followed at once", async () => {
  const routed = (team: string, to: string) =>
    `teams: [{team: a, pipelines: [${team}]}]\nnotices: {group_wait: 0s, channels: [${hook("one", first)}, ${hook("two", second)}], routes: [{team: a, channels: [${to}]}]}\n`;
  await begin(routed("nothing", "one"));
  await fail("orders");
  await write(routed("ord*", "one"));
  await expect.poll(() => told(first), PATIENT).toEqual(["opened orders"]);
  await fail("ordinary");
  await expect.poll(() => told(first), PATIENT).toEqual(["opened orders", "opened ordinary"]);
  await write(routed("ord*", "two"));
  await expect.poll(() => told(second).toSorted(), PATIENT).toEqual(["opened ordinary", "opened orders"].toSorted());
  expect(told(first)).toHaveLength(2);
});
