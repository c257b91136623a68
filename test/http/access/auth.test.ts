import { describe, expect, test } from "vitest";
import type { KeyRole } from "../../../src/config.ts";
import { type ApiKey, Authenticator, isLoopbackHost } from "../../../src/http/access/auth.ts";
import { type Answer, apiKey, bearer, type TestAgent, testAgentOf, testServer } from "../../support/agent.ts";
import { expectProblem } from "../problems.ts";

const ROLES: KeyRole[] = ["report", "read", "reference", "operate", "alertmanager", "admin"];

/** Who may call what, one of these and admin; none: nobody has to say who they are. A new route is not tested until it is here, and a test below says so. */
const ROUTES: Record<string, KeyRole[]> = {
  "POST /v1/runs": ["report"],
  "POST /v1/records": ["report"],
  "POST /v1/quality": ["report"],
  "POST /v1/latency": ["report"],
  "POST /v1/freshness": ["report"],
  "POST /v1/drift": ["report"],
  "POST /v1/reports": ["report"],
  "GET /v1/runs": ["read"],
  "GET /v1/runs/{pipeline_name}/{run_id}": ["read"],
  "GET /v1/pipelines": ["read"],
  "GET /v1/pipelines/{pipeline_name}": ["read"],
  "GET /v1/sla": ["read"],
  "GET /v1/sla/{pipeline_name}": ["read"],
  "GET /v1/quality": ["read"],
  "GET /v1/drift/{pipeline_name}": ["read"],
  "GET /v1/drift/{pipeline_name}/{feature_name}": ["read"],
  "GET /v1/references/{pipeline_name}": ["read", "report", "reference"],
  "GET /v1/references/{pipeline_name}/{feature_name}": ["read", "report", "reference"],
  "GET /v1/references/{pipeline_name}/{feature_name}/versions": ["read", "report", "reference"],
  "PUT /v1/references/{pipeline_name}": ["reference"],
  "PUT /v1/references/{pipeline_name}/{feature_name}": ["reference"],
  "DELETE /v1/references/{pipeline_name}/{feature_name}": ["reference"],
  "POST /v1/references/{pipeline_name}/{feature_name}/promote": ["reference"],
  "POST /v1/references/{pipeline_name}/{feature_name}/versions/{version}/activate": ["reference"],
  "POST /v1/schema": ["report"],
  "GET /v1/schema/{pipeline_name}": ["read", "report", "reference"],
  "POST /v1/schema/{pipeline_name}/accept": ["operate"],
  "PUT /v1/schema/{pipeline_name}": ["reference", "operate"],
  "DELETE /v1/schema/{pipeline_name}": ["reference", "operate"],
  "DELETE /v1/pipelines/{pipeline_name}": ["operate"],
  "DELETE /v1/pipelines": ["operate"],
  "GET /v1/gates": ["read"],
  "GET /v1/gates/{pipeline_name}": ["read", "report", "operate"],
  "GET /v1/gates/{pipeline_name}/check": ["read", "report", "operate"],
  "GET /v1/gates/{pipeline_name}/reasons.txt": ["read", "report", "operate"],
  "GET /v1/gates/{pipeline_name}/history": ["read", "report", "operate"],
  "POST /v1/gates/{pipeline_name}/evaluate": ["read", "report", "operate"],
  "GET /v1/gate-policies/{policy_version}": ["read", "report", "operate"],
  "GET /v1/gates/{pipeline_name}/overrides": ["read", "report", "operate"],
  "POST /v1/gates/{pipeline_name}/overrides": ["operate"],
  "DELETE /v1/gates/{pipeline_name}/overrides/{override_id}": ["operate"],
  "POST /v1/runs/{pipeline_name}/{run_id}/invalidate": ["operate"],
  "GET /v1/mutes": ["read", "operate"],
  "POST /v1/mutes": ["operate"],
  "DELETE /v1/mutes/{mute_id}": ["operate"],
  "POST /v1/alertmanager": ["alertmanager"],
  "GET /v1/events": ["read"],
  "GET /v1/whoami": ["report", "read", "reference", "operate", "alertmanager"],
  "GET /v1/notices": ["read", "operate"],
  "POST /v1/notices/{notice_id}/resend": ["operate"],
  "POST /v1/notices/test": ["operate"],
  "GET /v1/digest": ["read"],
  "GET /v1/config": ["admin"],
  "GET /badge/{pipeline_name}.svg": [],
  "GET /metrics": [],
  "GET /healthz": [],
  "GET /readyz": [],
};
/** Pages, which openapi.json does not describe. */
const PAGES = ["GET /", "GET /openapi.json", "GET /docs", "GET /docs/json", "GET /docs/static/swagger-ui.css"];

const server = await testServer();
const keys = Object.fromEntries(ROLES.map((role) => [role, apiKey(role, [role])])) as Record<
  KeyRole,
  ReturnType<typeof apiKey>
>;
const several = apiKey("several", ["report", "read"]);
const limited = apiKey("limited", ["report", "read"], ["orders*", "user?"]);
const limitedAdmin = apiKey("limited-admin", ["admin"], ["orders*"]);
const agent = await testAgentOf(server, {
  keys: [...Object.values(keys), several, limited, limitedAdmin].map(({ entry }) => entry),
});
const open = await testAgentOf(server);

const NO_ID = "00000000-0000-4000-8000-000000000000";

/** An answer that does not end by itself. */
async function firstOf({ port }: TestAgent, path: string, headers: Record<string, string>): Promise<Answer> {
  const leaving = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers, signal: leaving.signal });
  const text = response.status === 200 ? "" : await response.text();
  leaving.abort();
  const answered = { status: response.status, headers: Object.fromEntries(response.headers) };
  return { ...answered, text, body: text === "" ? undefined : JSON.parse(text) };
}

function call(of: TestAgent, route: string, headers: Record<string, string>) {
  const [method, template] = route.split(" ") as [string, string];
  const queries: Record<string, string> = {
    "PUT /v1/references/{pipeline_name}": "?format=evidently",
    "DELETE /v1/pipelines": "?pipeline_name=nobody",
  };
  const query = queries[route] ?? "";
  const path =
    template.replace(/\{(\w+)\}/g, (_, name) => (/override_id|mute_id|notice_id/.test(name) ? NO_ID : "orders")) +
    query;
  if (route === "GET /v1/events") return firstOf(of, path, headers);
  const body = path === "/v1/reports" ? "[]" : "{}";
  const json = { "content-type": "application/json" };
  return method === "GET" ? of.get(path, headers) : of.send({ method, path, headers: { ...json, ...headers }, body });
}

describe("roles", () => {
  test("are known of every route there is", async () => {
    const { paths } = (await agent.get("/openapi.json")).body as { paths: Record<string, object> };
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(Object.keys(ROUTES).sort());
  });

  // What an empty body is answered with, once it is read.
  const LET_IN = [200, 204, 404, 409, 422, 423];

  describe.each(Object.entries(ROUTES))("%s needs one of the roles %j:", (route, needed) => {
    test("without a key", async () => {
      const answer = await call(agent, route, {});
      if (needed.length === 0) return expect(answer.status).toBe(200);
      const detail = "Authorization: missing; send the header 'Authorization: Bearer <API key>'";
      expectProblem(answer, "unauthorized", detail);
      expect(answer.headers["www-authenticate"]).toBe('Bearer realm="sluice"');
    });

    test.each(ROLES)("with a key for %s", async (role) => {
      const answer = await call(agent, route, bearer(keys[role].key));
      if (needed.length === 0 || needed.includes(role) || role === "admin") {
        expect(LET_IN).toContain(answer.status);
      } else {
        const wanted = needed.join(" or ");
        expectProblem(answer, "forbidden", `this API key has the roles ${role}; ${wanted} is needed`);
      }
    });

    test("with a key for reports and reading", async () => {
      const may = needed.length === 0 || needed.includes("report") || needed.includes("read");
      const { status } = await call(agent, route, bearer(several.key));
      expect(may ? LET_IN : [403]).toContain(status);
    });
  });

  test.each(PAGES)("%s is open to a browser, which sends no key", async (route) => {
    expect((await call(agent, route, {})).status).toBe(200);
  });

  test("are asked for before a path is said to be missing", async () => {
    expect((await agent.get("/nowhere")).status).toBe(401);
    expect((await agent.send({ method: "PUT", path: "/v1/runs" })).status).toBe(401);
    expect((await agent.get("/nowhere", bearer(keys.read.key))).status).toBe(404);
  });

  test("of a key are not told by the body: without the role it is not even read", async () => {
    const answer = await agent.post("/v1/runs", "not JSON", bearer(keys.read.key));
    expectProblem(answer, "forbidden", "this API key has the roles read; report is needed");
  });
});

describe("a key", () => {
  const { key } = keys.read;
  const ask = (authorization: string) => agent.get("/v1/runs", { authorization });

  test.each(["Bearer", "bearer", "BEARER", "Bearer  "])("is taken after %j", async (scheme) => {
    expect((await ask(`${scheme} ${key}`)).status).toBe(200);
  });

  test.each([
    ["Basic", `Basic ${Buffer.from(`user:${key}`).toString("base64")}`],
    ["no scheme", key],
    ["a scheme alone", "Bearer"],
    ["two keys", `Bearer ${key} ${key}`],
    ["another scheme", `Token ${key}`],
    ["a scheme that only begins so", `BearerX ${key}`],
  ])("is not taken with %s", async (_what, authorization) => {
    const detail = "Authorization: not a bearer token; send the header 'Authorization: Bearer <API key>'";
    expectProblem(await ask(authorization), "unauthorized", detail);
  });

  test.each([
    ["a character less", key.slice(0, -1)],
    ["a character more", `${key}0`],
    ["other capitals", key.toUpperCase()],
    ["its hash", keys.read.entry.hash],
    ["a length of 1", "x"],
    ["a length of 8000", "x".repeat(8000)],
    ["other characters", "\u00e9\u00ff"],
  ])("with %s is not one of the agent's", async (_what, other) => {
    const answer = await ask(`Bearer ${other}`);
    expectProblem(answer, "unauthorized", "Authorization: this API key is not one of the agent's keys");
  });

  test("in the query is none", async () => {
    expect((await agent.get(`/v1/runs?access_token=${key}`)).status).toBe(401);
  });

  test("configured with a hash of another length matches nothing and breaks nothing", () => {
    const odd = (hash: string): ApiKey => ({ name: hash, hash, roles: ["admin"], pipelines: null });
    const authenticator = new Authenticator([odd(""), odd("abc"), odd("zz"), odd("00".repeat(33)), keys.read.entry]);
    const caller = (k: string) => authenticator.caller({ headers: { authorization: `Bearer ${k}` } } as never);
    expect(caller(key)).toEqual({ scope: "read", roles: ["read"], pipelines: null });
    expect(() => caller("abc")).toThrow("not one of the agent's keys");
  });
});

describe("a key limited to some pipelines", () => {
  const headers = bearer(limited.key);
  const check = (pipeline_name: string) => ({ pipeline_name, check_name: "c", score: 1 });
  const refusal = (name: string) => `pipeline_name: ${JSON.stringify(name)} given; this API key is for orders*, user?`;

  test.each(["orders", "orders_daily", "orders/eu", "users", "user1"])("may report to %s", async (name) => {
    expect((await agent.post("/v1/quality", check(name), headers)).status).toBe(200);
  });

  test.each(["order", "my_orders", "Orders", "user", "user12", "billing"])("may not report to %s", async (name) => {
    expectProblem(await agent.post("/v1/quality", check(name), headers), "forbidden", refusal(name));
  });

  test("has only its own items of a batch taken", async () => {
    const items = ["orders", "billing", "users", "user"].map((name) => ({ kind: "quality", ...check(name) }));
    expect((await agent.post("/v1/reports", items, headers)).body).toEqual({
      accepted: 2,
      duplicates: 0,
      rejected: [
        { index: 1, code: "forbidden", detail: refusal("billing") },
        { index: 3, code: "forbidden", detail: refusal("user") },
      ],
      errors: [],
    });
  });

  test("sees only its own in lists, and is told so where it asks for another", async () => {
    await agent.post("/v1/quality", { ...check("billing"), run_id: "r" }, bearer(keys.report.key));
    const everything = (await agent.get("/v1/pipelines", bearer(keys.read.key))).body as { items: object[] };
    expect(everything.items).toContainEqual(expect.objectContaining({ pipeline_name: "billing" }));
    for (const path of ["/v1/pipelines", "/v1/runs", "/v1/quality", "/v1/sla"]) {
      const { items } = (await agent.get(path, headers)).body as { items: { pipeline_name: string }[] };
      expect(items.length, path).toBeGreaterThan(0);
      for (const { pipeline_name } of items) expect(pipeline_name).toMatch(/^(orders|user.$)/);
    }
    const others = [
      "/v1/pipelines/billing",
      "/v1/runs/billing/r",
      "/v1/sla/billing",
      "/v1/runs?pipeline_name=billing",
      "/v1/quality?pipeline_name=billing",
    ];
    for (const path of others) expectProblem(await agent.get(path, headers), "forbidden", refusal("billing"));
    expect((await agent.get("/v1/sla/never", headers)).status).toBe(403);
  });

  test("stays limited where its role is admin", async () => {
    const answer = await agent.post("/v1/quality", check("billing"), bearer(limitedAdmin.key));
    expectProblem(answer, "forbidden", 'pipeline_name: "billing" given; this API key is for orders*');
  });
});

describe("without any key configured", () => {
  const ask = (host: string) => open.get("/v1/runs", { host });
  const LOCAL = [
    "localhost",
    "localhost:9877",
    "LOCALHOST",
    "127.0.0.1",
    "127.0.0.1:80",
    "127.8.9.1",
    "[::1]",
    "[::1]:9877",
    "sluice.localhost:9877",
  ];
  const OTHERS = [
    "",
    "evil.com",
    "localhost.evil.com",
    "127.0.0.1.evil.com",
    "evil.com:9877",
    "notlocalhost",
    "evil.com#localhost",
    "localhost@evil.com",
    "localhost:80@evil.com",
    "[::1].evil.com",
    "[::1",
    "::1",
    "[::2]",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",
    "128.0.0.1",
    "127.0.0",
    "2130706433",
    "localhost:",
    "localhost:x",
    "localhost ",
    "localhost\t.evil.com",
    "xn--lcalhost-54a",
  ];

  test.each(LOCAL)("everything is allowed to a request to %s", async (host) => {
    expect((await ask(host)).status).toBe(200);
    expect((await open.post("/v1/latency", { pipeline_name: "p", seconds: 1 }, { host })).status).toBe(200);
  });

  test.each(OTHERS.filter((host) => host.trim() === host && host !== ""))(
    "nothing is allowed to a request to %s",
    async (host) => {
      const detail = `Host: ${JSON.stringify(host)} given; without API keys the agent answers to localhost, 127.0.0.1 and [::1] only (sluice keys create makes a key)`;
      expectProblem(await ask(host), "host_not_allowed", detail);
      expect((await open.post("/v1/latency", { pipeline_name: "p", seconds: 1 }, { host })).status).toBe(403);
      expect((await open.get("/nowhere", { host })).status).toBe(403);
    },
  );

  test.each(OTHERS)("%j is no loopback host", (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });

  test("a request without a host, or with two, is refused", async () => {
    expect(await open.raw("GET /v1/runs HTTP/1.1\r\nconnection: close\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
    expect(await open.raw("GET /v1/runs HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1.1 403 /);
    const two = "GET /v1/runs HTTP/1.1\r\nhost: evil.com\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    expect(await open.raw(two)).toMatch(/^HTTP\/1.1 40[03] /);
  });

  test("a path that names another host changes nothing", async () => {
    const absolute = "GET http://localhost/v1/runs HTTP/1.1\r\nhost: evil.com\r\nconnection: close\r\n\r\n";
    expect(await open.raw(absolute)).toMatch(/^HTTP\/1.1 403 /);
  });

  test("health and metrics answer whoever asks", async () => {
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      expect((await open.get(path, { host: "sluice.monitoring.svc" })).status).toBe(200);
    }
  });
});

test("metrics that need a key need the role read", async () => {
  const guarded = await testAgentOf(server, {
    keys: [keys.read.entry, keys.report.entry],
    metrics: { require_key: true },
  });
  expect((await guarded.get("/metrics")).status).toBe(401);
  const report = await guarded.get("/metrics", bearer(keys.report.key));
  expectProblem(report, "forbidden", "this API key has the roles report; read is needed");
  const read = await guarded.get("/metrics", bearer(keys.read.key));
  expect(read.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect((await guarded.get("/healthz")).status).toBe(200);
  await guarded.stop();
});
