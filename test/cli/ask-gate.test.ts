import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { AgentApi } from "../../src/cli/connection/agent-api.ts";
import { askGate } from "../../src/cli/gate/ask-gate.ts";
import { sluice } from "./edge.ts";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Something at an address that answers the n-th question with the n-th of these, and with the last one from then on. */
async function peer(...answers: Answer[]): Promise<{ url: string; asked: URL[] }> {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url!, "http://x"));
    answers[Math.min(asked.length, answers.length) - 1]!(response, request);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const gate =
  (decision: string): Answer =>
  (response) =>
    response.end(
      JSON.stringify({ pipeline_name: "p", decision, allowed: decision === "pass", run_id: "r", reasons: [] }),
    );
const status =
  (code: number, text = ""): Answer =>
  (response) =>
    response.writeHead(code).end(text);

/** A clock that only sleeping moves. */
function clock() {
  let ms = 0;
  return {
    now: () => ms,
    sleep: async (pause: number) => {
      ms += pause;
    },
  };
}

const QUESTION = { pipeline_name: "a / b", while_running: false, wait_ms: 0 };

test("the name, the run and who asks stand in the question", async () => {
  const { url, asked } = await peer(gate("pass"));
  const question = { ...QUESTION, run_id: "x+00:00", consumer: "ml", while_running: true, wait_ms: 10_000 };
  await askGate(new AgentApi({ url, api_key: null }), question, clock());
  expect(asked[0]!.pathname).toBe("/v1/gates/a%20%2F%20b");
  expect(Object.fromEntries(asked[0]!.searchParams)).toEqual({
    run_id: "x+00:00",
    consumer: "ml",
    while_running: "true",
    wait: "10s",
  });
});

test("a wait beyond what the agent holds is done by asking again, each time for what is left", async () => {
  const time = clock();
  const held: Answer = (response, request) => {
    const wait = Number.parseInt(new URL(request.url!, "http://x").searchParams.get("wait")!, 10);
    void time.sleep(wait * 1000).then(() => gate("pending")(response, request));
  };
  const { url, asked } = await peer(held, held, held, gate("pass"));
  const answer = await askGate(new AgentApi({ url, api_key: null }), { ...QUESTION, wait_ms: 600_000 }, time);
  expect(answer.decision).toBe("pass");
  expect(asked.map(({ searchParams }) => searchParams.get("wait"))).toEqual(["50s", "50s", "50s", "50s"]);
});

test("pending is the answer when the wait is over", async () => {
  const time = clock();
  const { url, asked } = await peer(gate("pending"));
  const answer = await askGate(new AgentApi({ url, api_key: null }), { ...QUESTION, wait_ms: 5_000 }, time);
  expect([answer.decision, asked.length]).toEqual(["pending", 6]);
});

test("a restart of the agent is waited out", async () => {
  const starting = JSON.stringify({ code: "store_unavailable", detail: "the agent is starting" });
  const { url } = await peer(status(503, starting), status(502, "<html>"), gate("pass"));
  expect((await askGate(new AgentApi({ url, api_key: null }), QUESTION, clock())).decision).toBe("pass");
});

const stopping = JSON.stringify({ code: "shutting_down", detail: "the agent is stopping" });

test("an agent that says that it is stopping is there: it is waited for 10 s, also without a wait", async () => {
  const time = clock();
  const { url, asked } = await peer(status(503, stopping), (response) => response.destroy());
  await expect(askGate(new AgentApi({ url, api_key: null }), QUESTION, time)).rejects.toThrow("cannot be reached");
  expect(time.now()).toBe(10_000);
  expect(asked.length).toBeGreaterThan(3);
});

test("an agent that nobody has seen is tried three times without a wait", async () => {
  const { url, asked } = await peer((response) => response.destroy());
  await expect(askGate(new AgentApi({ url, api_key: null }), QUESTION, clock())).rejects.toThrow("cannot be reached");
  expect(asked.length).toBe(3);
});

test("an agent that is away is asked until the wait is over, and held for what is left of it", async () => {
  const time = clock();
  const { url, asked } = await peer((response) => response.destroy());
  const question = { ...QUESTION, wait_ms: 600_000 };
  await expect(askGate(new AgentApi({ url, api_key: null }), question, time)).rejects.toThrow("cannot be reached");
  expect(time.now()).toBe(600_000);
  expect(asked.at(-1)!.searchParams.get("wait")).toBeNull();
});

test("Retry-After is kept to", async () => {
  const time = clock();
  const busy: Answer = (response) => response.writeHead(503, { "retry-after": "7" }).end(stopping);
  const { url } = await peer(busy, gate("pass"));
  await askGate(new AgentApi({ url, api_key: null }), { ...QUESTION, wait_ms: 60_000 }, time);
  expect(time.now()).toBeGreaterThanOrEqual(7_000);
});

test.each([
  ["an error page", status(500, "<html>oops</html>"), "is not a Sluice agent, or something stands before it (HTTP 500"],
  ["a login page", status(200, "<html>who are you</html>"), "is not a Sluice agent"],
  ["another service's JSON", status(200, '{"status":"ok"}'), "is not a Sluice agent with gates"],
  [
    "a redirect",
    (response: ServerResponse) => response.writeHead(301, { location: "https://sso" }).end(),
    "to https://sso",
  ],
] as const)("%s is nobody's decision, and blocks", async (_what, answer, message) => {
  const { url } = await peer(answer);
  const { code, out, err } = await sluice(["gate", "p", "--url", url], "/");
  expect([code, out]).toEqual([40, "p: unreachable, may not go on (no decision)\n"]);
  expect(err).toContain(message);
});

test("a wrong key is told as such, and is not let through by --on-unreachable allow", async () => {
  const refusal = JSON.stringify({
    code: "unauthorized",
    detail: "Authorization: this API key is not one of the agent's keys",
  });
  const { url, asked } = await peer(status(401, refusal));
  const { code, err } = await sluice(["gate", "p", "--url", url, "--on-unreachable", "allow"], "/");
  expect([code, asked.length]).toEqual([1, 1]);
  expect(err).toBe(
    "sluice: the agent refused: Authorization: this API key is not one of the agent's keys (unauthorized)\n",
  );
});

test("a decision that this version does not know is no pass", async () => {
  const { url } = await peer((response) =>
    response.end(JSON.stringify({ pipeline_name: "p", decision: "maybe", allowed: false, run_id: null, reasons: [] })),
  );
  expect((await sluice(["gate", "p", "--url", url], "/")).code).toBe(30);
});

test("colours appear on a terminal, and not where NO_COLOR is set", async () => {
  const { url } = await peer(gate("block"));
  const colours = async (env: Record<string, string>) =>
    (await sluice(["gate", "p", "--url", url], "/", env, true)).out;
  expect(await colours({})).toContain("\u001b[31m");
  expect(await colours({ NO_COLOR: "1" })).toBe("p: block, may not go on (run r)\n");
});
