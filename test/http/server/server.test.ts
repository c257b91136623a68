import { describe, expect, test } from "vitest";
import { Authenticator } from "../../../src/http/access/auth.ts";
import { KnownPaths } from "../../../src/http/server/known-paths.ts";
import { createServer } from "../../../src/http/server/server.ts";

// What Fastify asks of a log beside what the agent does.
const log = { debug() {}, info() {}, warn() {}, error() {}, fatal() {}, trace() {}, child: () => log };
const limits = {
  body_bytes: 1000,
  bodies_in_flight_bytes: 1000,
  requests_per_minute: null,
  keyless_requests_per_minute: null,
  connections: 100,
  connections_per_address: 100,
  request_timeout: 1000,
};
const settings = {
  authenticator: new Authenticator([]),
  limits,
  trusted_proxies: [],
  own_hosts: () => [],
  ready: () => true,
  onAnswer() {},
};
const server = () => createServer({ ...settings, log });

describe("a server", () => {
  test("does not start with a route that does not say who may call it", async () => {
    const app = await server();
    app.get("/said", { config: { role: "none" } }, async () => "");
    app.post("/v1/forgotten", async () => "");
    await expect(app.ready()).rejects.toThrow("POST /v1/forgotten does not say who may call it");
    await app.close();
  });

  test("answers a mistake of its own without a word about it, and says in the log what it was", async () => {
    const lines: { fields: { err?: Error; request_id?: string }; message: string }[] = [];
    const error = (fields: object, message: string) => void lines.push({ fields, message });
    const app = await createServer({ ...settings, log: { ...log, error } });
    app.get("/broken", { config: { role: "none" } }, async () => {
      throw new TypeError("x is not a function in /src/secret.ts");
    });
    const answer = await app.inject("/broken");
    expect(answer.json()).toEqual({
      type: "/docs/errors#internal_error",
      title: "Something went wrong inside the agent",
      status: 500,
      detail: "something went wrong inside the agent; its log says what",
      code: "internal_error",
      request_id: expect.stringMatching(/^[0-9a-f]{8}-1$/),
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]!.fields).toMatchObject({
      request_id: expect.stringMatching(/^[0-9a-f]{8}-1$/),
      method: "GET",
      path: "/broken",
      status: 500,
    });
    expect(lines[0]!.fields.err?.message).toBe("x is not a function in /src/secret.ts");
    await app.close();
  });
});

describe("a server that is about to stop", () => {
  test("answers, and keeps no connection open that would bring the next request as well", async () => {
    let leaving = false;
    const app = await createServer({ ...settings, log, leaving: () => leaving });
    app.get("/said", { config: { role: "none" } }, async () => "");
    const connection = async () => (await app.inject("/said")).headers.connection;
    expect(await connection()).toBe("keep-alive");
    leaving = true;
    const answer = await app.inject("/said");
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, "close"]);
    await app.close();
  });
});

describe("the methods of a path", () => {
  const paths = new KnownPaths();
  paths.add("/v1/runs", "GET");
  paths.add("/v1/runs", ["POST", "HEAD"]);
  paths.add("/v1/runs/:pipeline_name/:run_id", "GET");
  paths.add("/docs/*", "GET");
  paths.add("/", "GET");

  test.each([
    ["/v1/runs", ["GET", "HEAD", "POST"]],
    ["/v1/runs/", []],
    ["/v1/runs/a/b", ["GET"]],
    ["/v1/runs/a%2Fb/c", ["GET"]],
    ["/v1/runs//b", []],
    ["/v1/runs/a/b/c", []],
    ["/docs/", ["GET"]],
    ["/docs/static/x.css", ["GET"]],
    ["/docs", []],
    ["/", ["GET"]],
    ["", []],
    ["*", []],
  ])("%j are %j", (path, methods) => {
    expect(paths.methodsOf(path)).toEqual(methods);
  });
});
