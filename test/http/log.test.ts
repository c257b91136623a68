import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { apiKey, bearer, launchAgent, newDatabase, takeLog, testServer } from "../support/agent.ts";

const PASSWORD = "hunter2-of-the-database";
const server = await testServer();
const key = apiKey("writer", ["report", "read"]);
const databaseUrl = (await newDatabase(server)).replace("postgres@", `postgres:${PASSWORD}@`);
const agent = await (await launchAgent(databaseUrl, { keys: [key.entry] })).ready;
const startLines = takeLog();
afterAll(() => agent.stop());

const auth = bearer(key.key);
const GOOD = { pipeline_name: "p", seconds: 1 };
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;

beforeEach(() => {
  takeLog();
});

describe("the log", () => {
  test("has a line for the start, with address and version", () => {
    const started = startLines.filter((line) => line.msg === "started");
    expect(started).toEqual([
      {
        level: "info",
        time: expect.stringMatching(/Z$/),
        url: `http://127.0.0.1:${agent.port}`,
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        msg: "started",
      },
    ]);
    expect(startLines.filter((line) => line.level !== "info")).toEqual([]);
  });

  test("has no line for a good request", async () => {
    for (const path of ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/"]) await agent.get(path);
    for (const path of ["/v1/runs", "/v1/sla", "/v1/pipelines", "/v1/quality"]) await agent.get(path, auth);
    expect((await agent.post("/v1/latency", GOOD, auth)).status).toBe(200);
    expect((await agent.post("/v1/reports", [{ kind: "latency", ...GOOD }], auth)).status).toBe(200);
    expect((await agent.post("/v1/reports", [], auth)).status).toBe(200);
    expect(takeLog()).toEqual([]);
  });

  test("has one line for a rejected report, with the request id of the answer and the trace id", async () => {
    const wrong = { ...GOOD, seconds: -1, secret: "x" };
    const answer = await agent.post("/v1/latency?x=y", wrong, { ...auth, traceparent });
    expect(takeLog()).toEqual([
      {
        level: "info",
        time: expect.stringMatching(/Z$/),
        request_id: (answer.body as { request_id: string }).request_id,
        trace_id: TRACE,
        method: "POST",
        path: "/v1/latency",
        status: 422,
        code: "invalid_report",
        fields: ["secret", "seconds"],
        msg: "request rejected",
      },
    ]);
  });

  test("takes the trace id of the report where the request has none", async () => {
    await agent.post("/v1/latency", { ...GOOD, seconds: -1, traceparent }, { ...auth, traceparent: "junk" });
    expect(takeLog()).toEqual([expect.objectContaining({ trace_id: TRACE })]);
    await agent.post("/v1/latency", { ...GOOD, traceparent: 7 }, auth);
    expect(takeLog()).toEqual([expect.not.objectContaining({ trace_id: expect.anything() })]);
  });

  test("has one line for a batch, however many of its reports were rejected", async () => {
    const items = [{ kind: "latency", ...GOOD }, { kind: "magic" }, {}, null];
    await agent.post("/v1/reports", items, { ...auth, traceparent });
    expect(takeLog()).toEqual([
      {
        level: "info",
        time: expect.any(String),
        request_id: expect.stringMatching(/^[0-9a-f]{8}-/),
        trace_id: TRACE,
        method: "POST",
        path: "/v1/reports",
        rejected: 3,
        index: 1,
        code: "invalid_report",
        msg: "reports of a batch rejected, the first of them at index",
      },
    ]);
  });

  test("has one line for each request that is refused before it reaches a route", async () => {
    await agent.get("/v1/runs");
    await agent.get("/v1/runs", bearer("sluice_test_unknown_key"));
    await agent.get("/nowhere", auth);
    await agent.get("/v1/pipelines/%zz", auth);
    await agent.post("/v1/latency", "x", auth);
    await agent.post("/v1/latency", "x", { ...auth, "content-encoding": "gzip" });
    const codes = takeLog().map(({ code, level }) => [level, code]);
    expect(codes).toEqual(
      ["unauthorized", "unauthorized", "not_found", "bad_request", "invalid_json", "bad_request"].map((code) => [
        "info",
        code,
      ]),
    );
  });

  test("has a line for a slow request, and for one that failed", async () => {
    const session = await agent.session();
    await session.query("BEGIN; LOCK TABLE pipeline IN ACCESS EXCLUSIVE MODE");
    const slow = agent.post("/v1/latency", GOOD, { ...auth, traceparent });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await session.query("ROLLBACK");
    expect((await slow).status).toBe(200);
    const [line, ...others] = takeLog();
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      level: "warn",
      trace_id: TRACE,
      path: "/v1/latency",
      status: 200,
      msg: "slow request",
    });
    expect(line!.seconds).toBeGreaterThan(1);
  });

  test("has none for whoever waits or listens, which is what they asked for", async () => {
    await agent.post("/v1/runs", { pipeline_name: "waited_for", run_id: "1", status: "started" }, auth);
    expect((await agent.get("/v1/gates/waited_for?wait=2s", auth)).status).toBe(200);
    const listening = new AbortController();
    const url = `http://127.0.0.1:${agent.port}/v1/events`;
    const events = await fetch(url, { headers: auth, signal: listening.signal });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    listening.abort();
    await events.text().catch(() => undefined);
    // Each request has its line before the next one is answered.
    await agent.get("/v1/gates/waited_for", auth);
    expect(takeLog()).toEqual([]);
  });

  test("holds no secret and nothing of what was sent, whatever it was", async () => {
    const secret = "S3CR3T";
    const sent = [
      () => agent.get("/v1/runs", bearer(`sluice_test_${secret}`)),
      () => agent.get("/v1/runs", { authorization: `Basic ${secret}` }),
      () => agent.get(`/v1/runs?api_key=${secret}`, auth),
      () => agent.get(`/v1/runs?since=${secret}`, auth),
      () => agent.get(`/v1/runs?cursor=${secret}`, auth),
      () => agent.get("/v1/runs", { ...auth, cookie: secret, "x-api-key": secret }),
      () => agent.post("/v1/latency", `password=${secret}`, auth),
      () => agent.post("/v1/latency", `{"pipeline_name": "${secret}`, auth),
      () => agent.post("/v1/latency", { ...GOOD, operation: `\u0000${secret}` }, auth),
      () => agent.post("/v1/runs", { pipeline_name: "p", status: secret, error: secret }, auth),
      () => agent.post("/v1/quality", { pipeline_name: "p", check_name: "c", score: secret }, auth),
      () => agent.post("/v1/reports", [{ kind: secret }], auth),
      () => agent.post("/v1/reports", `{"kind": ${secret}}`, { ...auth, "content-type": "application/x-ndjson" }),
      () => agent.post("/v1/latency", GOOD, { ...auth, "idempotency-key": `\t${secret}\t`.padEnd(200, secret) }),
      () => agent.post("/v1/latency", GOOD, { ...auth, "content-encoding": secret }),
      () => agent.post("/v1/latency", GOOD, { ...auth, "content-type": `text/${secret}` }),
      () => agent.post("/v1/latency", { ...GOOD, at: `2001-01-01T00:00:00${secret}` }, auth),
    ];
    for (const send of sent) await send();
    await server.stop();
    await agent.post("/v1/latency", { ...GOOD, operation: secret }, auth);
    await agent.get("/v1/runs", auth);
    await agent.get("/readyz");
    await server.start();
    const lines = takeLog();
    expect(lines.length).toBeGreaterThan(sent.length);
    const text = JSON.stringify([...startLines, ...lines]);
    for (const hidden of [secret, PASSWORD, key.key, key.entry.hash]) expect(text).not.toContain(hidden);
    const failed = lines.filter((line) => line.msg === "request failed");
    expect(failed.map(({ level, code }) => [level, code])).toEqual([
      ["error", "store_unavailable"],
      ["error", "store_unavailable"],
    ]);
  });
});
