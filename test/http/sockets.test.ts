import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { type AgentOptions, apiKey, bearer, type TestAgent, testAgentOf, testServer } from "../support/agent.ts";

const server = await testServer();
const PATIENT = { timeout: 300_000 };
const GOOD = { pipeline_name: "orders", check_name: "null_rate", score: 1 };

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A connection that sends this and then neither more nor an end. */
function dribble(agent: TestAgent, bytes: string, { halfOpen = false } = {}): { socket: Socket; said: () => string } {
  const socket = connect({ port: agent.port, host: "127.0.0.1", allowHalfOpen: halfOpen });
  let text = "";
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    text += chunk.toString();
  });
  socket.write(bytes);
  sockets.push(socket);
  return { socket, said: () => text };
}

/** Waits, so that the many are never more than the machine takes at a time. */
async function dribbleMany(agent: TestAgent, count: number, bytes: string): Promise<Socket[]> {
  const opened: Socket[] = [];
  while (opened.length < count) {
    const some = Array.from({ length: Math.min(100, count - opened.length) }, () => dribble(agent, bytes).socket);
    await Promise.all(some.map((socket) => (socket.connecting ? once(socket, "connect") : null)));
    opened.push(...some);
  }
  return opened;
}

const head = (length: number, more = "") =>
  `POST /v1/quality HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${more}content-length: ${length}\r\n\r\n`;

const agentWith = (options: AgentOptions) => testAgentOf(server, options);

describe("connections that send headers and nothing more", () => {
  test("4100 of one address keep no honest report out, and the first of them are closed", async () => {
    // A slow machine opens them for longer than a request may take to arrive.
    const agent = await agentWith({ limits: { request_timeout: 600_000 } });
    const many = await dribbleMany(agent, 4100, head(65_536));
    for (let i = 0; i < 20; i++) expect((await agent.post("/v1/quality", GOOD)).status).toBe(200);
    // Those of the first second may all be under way; whoever comes later takes the place of those.
    await sleep(1100);
    await dribbleMany(agent, 100, head(65_536));
    await expect.poll(() => many.filter(({ closed }) => closed).length, PATIENT).toBeGreaterThanOrEqual(2000);
    expect(many.slice(0, 1000).every(({ closed }) => closed)).toBe(true);
    expect(many.slice(-1000).some(({ closed }) => closed)).toBe(false);
    expect((await agent.post("/v1/quality", GOOD)).status).toBe(200);
    expect((await agent.get("/readyz")).status).toBe(200);
  });

  test("are not let through to a body where they have no key, and hold nothing of who has one", async () => {
    const honest = apiKey("honest", ["report"]);
    const agent = await agentWith({
      keys: [honest.entry],
      limits: { connections_per_address: 50, bodies_in_flight_bytes: 2000, body_bytes: 1000 },
    });
    await dribbleMany(agent, 300, `${head(900)}x`);
    for (let i = 0; i < 20; i++) expect((await agent.post("/v1/quality", GOOD, bearer(honest.key))).status).toBe(200);
  });
});

describe("bodies that dribble in", () => {
  test("of one key leave room for another, who is not asked to wait", async () => {
    const [greedy, honest] = [apiKey("greedy", ["report"]), apiKey("honest", ["report"])];
    const agent = await agentWith({
      keys: [greedy.entry, honest.entry],
      limits: { bodies_in_flight_bytes: 1024 * 1024, body_bytes: 1024 * 1024 },
    });
    const bytes = head(60_000, `authorization: Bearer ${greedy.key}\r\n`) + "x".repeat(50_000);
    await dribbleMany(agent, 100, bytes);
    for (let i = 0; i < 20; i++) expect((await agent.post("/v1/quality", GOOD, bearer(honest.key))).status).toBe(200);
  });

  test("give way after a second to what comes whole, also of the same owner, and are told so", async () => {
    const agent = await agentWith({ limits: { bodies_in_flight_bytes: 100_000, body_bytes: 60_000 } });
    const dribbling = Array.from({ length: 4 }, () => dribble(agent, head(60_000) + "x".repeat(20_000)));
    const padded = { ...GOOD, run_id: "r", error: "x".repeat(30_000) };
    await expect.poll(async () => (await agent.post("/v1/quality", padded)).status, PATIENT).toBe(200);
    await expect.poll(() => dribbling.filter(({ socket }) => socket.closed).length, PATIENT).toBeGreaterThan(0);
    const told = dribbling.filter(({ socket }) => socket.closed).map(({ said }) => said());
    for (const text of told) expect(text).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 1[\s\S]*"code":"queue_full"/);
  });

  test("are let go of when their time is over, although the peer never closes its half", async () => {
    const agent = await agentWith({
      limits: { bodies_in_flight_bytes: 1000, body_bytes: 1000, request_timeout: 1500 },
    });
    const { socket, said } = dribble(agent, head(990) + "x".repeat(980), { halfOpen: true });
    await expect.poll(said, PATIENT).toContain("HTTP/1.1 408");
    const large = { ...GOOD, run_id: "r", error: "x".repeat(700) };
    expect((await agent.post("/v1/quality", large)).status).toBe(200);
    // The connection itself is gone soon after as well.
    await expect
      .poll(() => new Promise((resolve) => socket.write("x", (error) => resolve(error?.message ?? "open"))), PATIENT)
      .not.toBe("open");
  });

  test("are let go of when their connection ends", async () => {
    const agent = await agentWith({ limits: { bodies_in_flight_bytes: 1000, body_bytes: 1000 } });
    const { socket } = dribble(agent, head(990) + "x".repeat(980));
    await expect.poll(async () => (await agent.post("/v1/quality", GOOD)).status, PATIENT).toBe(503);
    socket.destroy();
    await expect.poll(async () => (await agent.post("/v1/quality", GOOD)).status, PATIENT).toBe(200);
  });
});

describe("too many connections", () => {
  test("never close one whose request is worked on; one that waits for its next request may go", async () => {
    const agent = await agentWith({ limits: { connections: 30, connections_per_address: 10 } });
    const waiting = Array.from({ length: 20 }, () =>
      dribble(agent, "GET /v1/gates/waited?run_id=1&wait=60s HTTP/1.1\r\nhost: localhost\r\n\r\n"),
    );
    await sleep(300);
    await dribbleMany(agent, 100, "GET /healthz HTTP/1.1\r\n");
    expect((await agent.post("/v1/quality", GOOD)).status).toBe(200);
    expect(waiting.filter(({ socket }) => socket.closed).length).toBe(0);
    await agent.post("/v1/quality", { ...GOOD, pipeline_name: "waited", run_id: "1" });
    await agent.post("/v1/runs", { pipeline_name: "waited", run_id: "1", status: "success" });
    for (const { said } of waiting) await expect.poll(said, PATIENT).toContain('"decision":"pass"');
  });
});
