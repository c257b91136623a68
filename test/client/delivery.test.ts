import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { temporaryDirectory } from "./support/bundle.ts";
import { clientMaker } from "./support/client.ts";
import { forward, startProxy } from "./support/proxy.ts";
import { storedCount, storedRun } from "./support/stored.ts";

const agent = await testAgentOf(await testServer());
const proxy = await startProxy(agent.port);
const newClient = clientMaker(temporaryDirectory());
const PATIENCE = { timeout: 300_000, interval: 50 };

let runs = 0;
/** A run of a pipeline of its own that has reported 3 records, through the proxy. */
function reportThree(options = {}) {
  const client = newClient(proxy.url, options);
  const name = `orders_${++runs}`;
  const run = client.pipeline(name).attach("r1");
  for (let i = 0; i < 3; i++) run.records("load", 1);
  return { client, name, run, count: () => storedCount(agent, name, "r1") };
}

const posts = () => proxy.received.filter(({ path }) => path === "/v1/reports");

function spoolFiles(spool: string): string[] {
  const [folder] = readdirSync(spool);
  return folder === undefined ? [] : readdirSync(path.join(spool, folder));
}

describe.each([
  ["with a spool", {}],
  ["in memory", { spool: false as const }],
])("an agent in trouble, %s", (_, options) => {
  const troubles = {
    "answers 500": (_: unknown, response: import("node:http").ServerResponse) => response.writeHead(500).end("oops"),
    "answers 502 from a proxy": (_: unknown, response: import("node:http").ServerResponse) =>
      response.writeHead(502, { "content-type": "text/html" }).end("<html>bad gateway</html>"),
    "answers 200 with something that is not Sluice's": (_: unknown, response: import("node:http").ServerResponse) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<html>please log in</html>"),
    "answers 200 with other JSON": (_: unknown, response: import("node:http").ServerResponse) =>
      response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}'),
    "hangs up": (request: import("node:http").IncomingMessage) => request.socket.destroy(),
    "answers half a body": (_: unknown, response: import("node:http").ServerResponse) => {
      response.writeHead(200, { "content-length": "100" }).write('{"accepted"');
      response.destroy();
    },
    "never answers": () => {},
  };

  it.each(Object.entries(troubles))("%s: reports wait and arrive once", async (_, trouble) => {
    proxy.misbehave(trouble);
    const { client, count } = reportThree(options);
    expect(await client.flush({ deadlineSeconds: 0.2 })).toBe(false);
    expect(client.stats()).toMatchObject({ sent: 0, dead: 0, dropped: 0 });
    expect(client.stats().queued + client.stats().spooled).toBe(3);
    proxy.misbehave(null);
    expect(await client.flush()).toBe(true);
    expect(client.stats()).toEqual({ sent: 3, duplicates: 0, spooled: 0, dropped: 0, dead: 0, queued: 0, reduced: 0 });
    expect(await count()).toBe(3);
    expect(client.warnings).toEqual([expect.stringMatching(/^sluice: .*; reports wait/)]);
  });
});

describe("trying again", () => {
  it.each([
    ["with a spool", {}],
    ["in memory", { spool: false as const }],
  ])("%s, what could not be sent goes before what was reported later", async (_, options) => {
    const { client, run, name } = reportThree(options);
    proxy.misbehave((_, response) => response.writeHead(500).end("oops"));
    expect(await client.flush({ deadlineSeconds: 0.2 })).toBe(false);
    run.quality("null_rate", 0.1, { threshold: 0.5 });
    const before = posts().length;
    proxy.misbehave(null);
    client.report({ kind: "run", pipeline_name: name, run_id: "r1", status: "success" });
    expect(await client.flush()).toBe(true);
    const kinds = posts()
      .slice(before)
      .flatMap(({ body }) => [...body.matchAll(/"kind": ?"(\w+)"/g)].map(([, kind]) => kind));
    expect(kinds).toEqual(["records", "records", "records", "quality", "run"]);
  });

  it.each([
    [503, "1"],
    [429, "1"],
  ])("after %d comes not before Retry-After", async (status, seconds) => {
    let refusedAt = 0;
    proxy.misbehave((_, response) => {
      refusedAt = Date.now();
      response.writeHead(status, { "retry-after": seconds }).end("{}");
      proxy.misbehave(null);
    });
    const { client, count } = reportThree();
    expect(await client.flush()).toBe(true);
    expect(await count()).toBe(3);
    expect(posts().at(-1)!.at - refusedAt).toBeGreaterThanOrEqual(990);
  });

  it("what the agent stored before its answer was lost is a duplicate, not a second report", async () => {
    proxy.misbehave((request, response, { body }) => {
      forward(agent.port, request, body, response, () => response.destroy());
      proxy.misbehave(null);
    });
    const { client, count } = reportThree();
    expect(await client.flush()).toBe(true);
    expect(client.stats()).toMatchObject({ sent: 0, duplicates: 3 });
    expect(await count()).toBe(3);
  });

  it("a slow agent is waited for", async () => {
    proxy.misbehave((request, response, { body }) => {
      setTimeout(() => forward(agent.port, request, body, response), 300);
    });
    const { client, count } = reportThree();
    expect(await client.flush()).toBe(true);
    proxy.misbehave(null);
    expect(posts().at(-1)!.body.trim().split("\n")).toHaveLength(3);
    expect(await count()).toBe(3);
  });

  it("of a batch of which the store took a part, only the rest is sent again", async () => {
    proxy.misbehave((_, response) => {
      const rejected = [{ index: 1, code: "store_unavailable", detail: "away" }];
      response.writeHead(200).end(JSON.stringify({ accepted: 2, duplicates: 0, rejected }));
      proxy.misbehave(null);
    });
    const { client } = reportThree({ spool: false });
    expect(await client.flush()).toBe(true);
    expect(client.stats()).toMatchObject({ sent: 3, dead: 0 });
    expect(posts().at(-1)!.body.trim().split("\n")).toHaveLength(1);
  });
});

describe("what the agent refuses", () => {
  it("is kept in dead.ndjson with the reason, and its neighbours arrive", async () => {
    const { client, name, run, count } = reportThree();
    client.report({ kind: "records", pipeline_name: name, run_id: "r1", stage: "load", count: -5 });
    client.report({ kind: "records", pipeline_name: name, run_id: "r1", stage: "load", count: -6 });
    run.records("load", 1);
    expect(await client.flush()).toBe(true);
    expect(await count()).toBe(4);
    expect(client.stats()).toMatchObject({ sent: 4, dead: 2, queued: 0 });
    expect(client.warnings).toHaveLength(1);
    expect(client.warnings[0]).toMatch(/refuses reports \(invalid_report: count: -5 given; .*dead\.ndjson/);

    const [folder] = readdirSync(client.spool);
    const text = readFileSync(path.join(client.spool, folder!, "dead.ndjson"), "utf8");
    const dead = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(dead).toHaveLength(2);
    expect(dead[0]).toMatchObject({
      report: { kind: "records", pipeline_name: name, count: -5, id: expect.any(String), at: expect.any(String) },
      status: 200,
      code: "invalid_report",
      refused_at: expect.any(String),
    });
    expect(spoolFiles(client.spool)).toEqual(["dead.ndjson"]);
  });

  it("a wrong key is told and the reports are dead, not tried for ever", async () => {
    proxy.misbehave((_, response) => {
      response.writeHead(401).end(JSON.stringify({ code: "unauthorized", detail: "no such key" }));
    });
    const { client } = reportThree();
    expect(await client.flush()).toBe(true);
    proxy.misbehave(null);
    expect(client.stats()).toMatchObject({ sent: 0, dead: 3, queued: 0 });
    expect(client.warnings[0]).toContain("401 unauthorized: no such key");
  });

  it("a request that is too large is sent in halves, and only a report too large by itself is dead", async () => {
    const { client, name } = reportThree();
    await client.flush();
    proxy.misbehave((request, response, { body }) => {
      if (body.length > 2000)
        response.writeHead(413).end(JSON.stringify({ code: "body_too_large", detail: "too large" }));
      else forward(agent.port, request, body, response);
    });
    const run = client.pipeline(name).attach("r2");
    for (let i = 0; i < 20; i++) run.records("load", 1);
    run.quality("long", null, { error: "x".repeat(3000) });
    expect(await client.flush()).toBe(true);
    proxy.misbehave(null);
    expect(await storedCount(agent, name, "r2")).toBe(20);
    expect(client.stats()).toMatchObject({ dead: 1, queued: 0 });
  });
});

describe("bounds", () => {
  it("without a spool, memory holds so many reports and the oldest are dropped, counted and said", async () => {
    const client = newClient("http://127.0.0.1:9", { spool: false, maxQueuedReports: 10, flushDeadlineSeconds: 0 });
    const run = client.pipeline("orders").attach("r1");
    for (let i = 0; i < 25; i++) run.records("load", i);
    expect(client.stats()).toMatchObject({ queued: 10, dropped: 15 });
    expect(client.warnings).toContain("sluice: more than 10 reports wait for the agent: the oldest are dropped");
  });

  it("with a spool, a flood leaves memory for the disk and every report arrives once", async () => {
    const client = newClient(proxy.url, { maxQueuedReports: 500 });
    const run = client.pipeline("flood").attach("r1");
    for (let i = 0; i < 5000; i++) run.records("load", 1);
    expect(client.stats().queued).toBeLessThanOrEqual(500);
    expect(await client.flush()).toBe(true);
    expect(client.stats()).toEqual({
      sent: 5000,
      duplicates: 0,
      spooled: 0,
      dropped: 0,
      dead: 0,
      queued: 0,
      reduced: 0,
    });
    expect(await storedCount(agent, "flood", "r1")).toBe(5000);
    expect(spoolFiles(client.spool)).toEqual([]);
  });

  it("a closed client takes nothing more", async () => {
    const { client, run, name } = reportThree();
    await client.close();
    run.records("load", 1);
    expect(client.stats()).toMatchObject({ sent: 3, dropped: 1 });
    expect(await storedCount(agent, name, "r1")).toBe(3);
  });
});

describe("left to itself", () => {
  it("a client sends without being asked", async () => {
    const { client, count } = reportThree();
    await vi.waitFor(() => expect(client.stats()).toMatchObject({ sent: 3, queued: 0 }), PATIENCE);
    expect(await count()).toBe(3);
  });

  it("a client that was away for a while sends what it could not when the agent is back", async () => {
    proxy.misbehave((_, response) => response.writeHead(500).end());
    const { client, run, count } = reportThree();
    await vi.waitFor(() => expect(client.stats().spooled).toBe(3), PATIENCE);
    run.records("load", 1);
    proxy.misbehave(null);
    await vi.waitFor(() => expect(client.stats()).toMatchObject({ sent: 4, spooled: 0, queued: 0 }), PATIENCE);
    expect(await count()).toBe(4);
  });

  it("each report has an id of its own and the time when it was true", async () => {
    const { client, name } = reportThree();
    await client.flush();
    const lines = posts()
      .at(-1)!
      .body.trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(3);
    for (const { id, at, pipeline_name } of lines) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Math.abs(Date.parse(at!) - Number.parseInt(id!.slice(0, 8) + id!.slice(9, 13), 16))).toBe(0);
      expect(pipeline_name).toBe(name);
    }
    expect(await storedRun(agent, name, "r1")).toMatchObject({ stages: [{ stage: "load", count: 3 }] });
  });
});
