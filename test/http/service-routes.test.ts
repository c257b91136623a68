import { gunzipSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";

const NO_ID = "00000000-0000-4000-8000-000000000000";
// Nobody listens there.
const CHANNEL = "notices: {channels: [{name: hook, type: webhook, url: 'http://127.0.0.1:9/'}]}";
const agent = await testAgentOf(await testServer(), { yaml: CHANNEL });

describe("GET /healthz and /readyz", () => {
  test("say that the agent is alive and ready", async () => {
    const health = await agent.get("/healthz");
    expect([health.status, health.body]).toEqual([200, { status: "ok" }]);
    const ready = await agent.get("/readyz");
    expect([ready.status, ready.body]).toEqual([200, { status: "ready" }]);
  });
});

describe("GET /metrics", () => {
  beforeAll(async () => {
    await agent.post("/v1/reports", [
      { kind: "run", pipeline_name: "orders", run_id: "r", status: "success", duration_seconds: 45 },
      { kind: "records", pipeline_name: "orders", run_id: "r", stage: "load", count: 47_500, failed: 2 },
      { kind: "quality", pipeline_name: "orders", run_id: "r", check_name: 'a"b\\c', score: 0.999, threshold: 0.95 },
    ]);
  });

  const SAMPLES = [
    'pipeline_runs_total{pipeline_name="orders",status="success"} 1',
    'pipeline_runs_total{pipeline_name="orders",status="failed"} 0',
    'pipeline_duration_seconds_bucket{pipeline_name="orders",le="30.0"} 0',
    'pipeline_duration_seconds_bucket{pipeline_name="orders",le="60.0"} 1',
    'pipeline_duration_seconds_sum{pipeline_name="orders"} 45',
    'records_processed_total{pipeline_name="orders",stage="load"} 47500',
    'records_failed_total{pipeline_name="orders",stage="load"} 2',
    'data_quality_score{pipeline_name="orders",check_name="a\\"b\\\\c"} 0.999',
    'data_quality_threshold{pipeline_name="orders",check_name="a\\"b\\\\c"} 0.95',
  ];

  test("shows what was reported, and the agent itself, in Prometheus' text format", async () => {
    const answer = await agent.get("/metrics");
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    const lines = answer.text.split("\n").map((line) => line.replace(/ +/g, " "));
    for (const sample of SAMPLES) expect(lines).toContain(sample);
    expect(lines.filter((line) => line.startsWith("sluice_reports_total")).length).toBeGreaterThan(0);
    const types = lines.filter((line) => line.startsWith("# TYPE"));
    expect(new Set(types).size).toBe(types.length);
    expect(answer.text.endsWith("\n")).toBe(true);
  });

  test("packs it for who asks, whatever other format is preferred", async () => {
    const openMetrics = {
      accept: "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    };
    const plain = await agent.get("/metrics", openMetrics);
    expect(plain.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    const response = await fetch(`http://127.0.0.1:${agent.port}/metrics`, { headers: { "accept-encoding": "gzip" } });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(await response.text()).toContain('pipeline_duration_seconds_sum{pipeline_name="orders"}');
    const raw = await agent.raw("GET /metrics HTTP/1.0\r\nhost: localhost\r\n\r\n");
    expect(raw).toContain("pipeline_duration_seconds_sum");
    expect(() => gunzipSync(Buffer.from(raw))).toThrow();
  });
});

interface Operation {
  summary?: string;
  tags?: string[];
  security?: object[];
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

/** They answer something else than JSON. */
const TEXTS = ["get /v1/gates/{pipeline_name}/reasons.txt", "get /v1/events"];

function answerSchema({ responses }: Operation): object | undefined {
  return (responses["200"] ?? responses["201"])?.content?.["application/json"]?.schema;
}

describe("GET /openapi.json", () => {
  let document: {
    openapi: string;
    info: { title: string; version: string };
    paths: Record<string, Record<string, Operation>>;
    components: { securitySchemes: object };
  };
  let operations: { route: string; path: string; operation: Operation }[];
  beforeAll(async () => {
    const answer = await agent.get("/openapi.json");
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    document = answer.body as typeof document;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ route: `${method} ${path}`, path, operation })),
    );
  });

  test("is a document of OpenAPI 3.1 about every route", () => {
    const schema = {
      type: "object",
      required: ["openapi", "info", "paths"],
      properties: {
        openapi: { pattern: "^3\\.1\\.\\d+$" },
        info: { type: "object", required: ["title", "version"] },
        paths: {
          type: "object",
          propertyNames: { pattern: "^/" },
          additionalProperties: {
            type: "object",
            propertyNames: { enum: ["get", "put", "post", "delete", "patch"] },
            additionalProperties: { $ref: "#/$defs/operation" },
          },
        },
      },
      $defs: {
        operation: {
          type: "object",
          required: ["summary", "tags", "responses"],
          properties: {
            summary: { type: "string", minLength: 3 },
            tags: { type: "array", minItems: 1, items: { type: "string" } },
            parameters: {
              type: "array",
              items: {
                type: "object",
                required: ["name", "in", "schema"],
                properties: { in: { enum: ["query", "path", "header"] }, required: { type: "boolean" } },
                anyOf: [
                  { properties: { in: { enum: ["query", "header"] } } },
                  { required: ["required"], properties: { required: { const: true } } },
                ],
              },
            },
            requestBody: { $ref: "#/$defs/body" },
            responses: {
              type: "object",
              minProperties: 1,
              propertyNames: { pattern: "^(default|[1-5]\\d\\d)$" },
              additionalProperties: { type: "object", required: ["description"] },
            },
          },
        },
        body: {
          type: "object",
          required: ["content"],
          properties: {
            content: {
              type: "object",
              minProperties: 1,
              additionalProperties: { type: "object", required: ["schema"] },
            },
          },
        },
      },
    };
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(operations.length).toBeGreaterThanOrEqual(16);
  });

  test("has a valid JSON Schema for every parameter, body and answer", () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const { route, operation } of operations) {
      const schemas = [
        ...(operation.parameters ?? []).map(({ schema }) => schema),
        ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema),
        ...Object.values(operation.responses).flatMap(({ content }) =>
          Object.values(content ?? {}).map((c) => c.schema),
        ),
      ];
      for (const schema of schemas) expect(() => ajv.compile(schema), route).not.toThrow();
    }
  });

  test("has every parameter of a path, and a body for everything that is sent", () => {
    for (const { route, path, operation } of operations) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const given = (operation.parameters ?? []).filter((parameter) => parameter.in === "path").map(({ name }) => name);
      expect(given.sort(), route).toEqual(wanted.sort());
      const sends = /^(post|put) /.test(route) && !/\/(activate|resend)$/.test(route);
      expect(operation.requestBody !== undefined, route).toBe(sends);
    }
  });

  test("describes answers and problems of every route that needs a key, and marks those that need none", () => {
    for (const { route, operation } of operations) {
      if (operation.security?.length === 0) {
        expect(["get /healthz", "get /readyz", "get /metrics", "get /badge/{pipeline_name}.svg"]).toContain(route);
        continue;
      }
      if (operation.responses["204"] === undefined) {
        expect(answerSchema(operation) ?? TEXTS.includes(route), route).toBeTruthy();
      }
      expect(operation.responses.default?.content, route).toHaveProperty(["application/problem+json"]);
    }
  });

  test("agrees with what is really answered", async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const reference = { counts: [100, 200, 300, 250, 150] };
    const examples: Record<string, unknown> = {
      "post /v1/runs": { pipeline_name: "orders", run_id: "s", status: "started" },
      "post /v1/records": { pipeline_name: "orders", stage: "load", count: 1 },
      "post /v1/quality": { pipeline_name: "orders", check_name: "c", score: 1 },
      "post /v1/latency": { pipeline_name: "orders", seconds: [1] },
      "post /v1/freshness": { pipeline_name: "orders", data_through: 0 },
      "post /v1/drift": { pipeline_name: "orders", run_id: "r", features: { age: reference } },
      "post /v1/reports": [{ kind: "latency", pipeline_name: "orders", seconds: 1 }],
      "post /v1/schema": { pipeline_name: "orders", run_id: "r", columns: [{ name: "a", type: "int64" }] },
      "post /v1/schema/{pipeline_name}/accept": { run_id: "r", actor: "a" },
      "put /v1/schema/{pipeline_name}": { columns: [{ name: "a", type: "int64" }], actor: "a" },
      "put /v1/references/{pipeline_name}": { size: [1, 2] },
      "put /v1/references/{pipeline_name}/{feature_name}": { ...reference, note: "of May" },
      "post /v1/references/{pipeline_name}/{feature_name}/promote": { run_id: "r" },
      "post /v1/gates/{pipeline_name}/evaluate": { policy: { quality: { minimum: 0.5 } } },
      "post /v1/gates/{pipeline_name}/overrides": { decision: "pass", reason: "r", actor: "a", expires_in: "1h" },
      "post /v1/runs/{pipeline_name}/{run_id}/invalidate": { reason: "r", actor: "a" },
      "post /v1/mutes": { reason: "r", actor: "a", expires_in: "1h" },
      "post /v1/alertmanager": { version: "4", alerts: [] },
      "post /v1/notices/test": { channel: "hook" },
    };
    const put = await agent.send({
      method: "PUT",
      path: "/v1/references/orders/age",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(reference),
    });
    const { version } = put.body as { version: string };
    const gate = (await agent.get("/v1/gates/orders")).body as { policy_version: string };
    for (const { route, path, operation } of operations) {
      const schema = answerSchema(operation);
      if (schema === undefined) continue;
      const method = route.split(" ")[0]!.toUpperCase();
      const values = { pipeline_name: "orders", run_id: "r", feature_name: "age", version, ...gate, notice_id: NO_ID };
      const queries: Record<string, string> = {
        "put /v1/references/{pipeline_name}": "?format=evidently",
        "delete /v1/pipelines": "?pipeline_name=orders&dry_run=true",
      };
      const query = queries[route] ?? "";
      const url = path.replace(/\{(\w+)\}/g, (_, name: keyof typeof values) => values[name]) + query;
      const body = operation.requestBody?.content["application/json"]?.schema;
      if (body !== undefined) expect(ajv.validate(body, examples[route]), `${route}: ${ajv.errorsText()}`).toBe(true);
      const sent = body === undefined ? {} : { body: JSON.stringify(examples[route]) };
      const headers = method === "DELETE" ? {} : { "content-type": "application/json" };
      const answer = await agent.send({ method, path: url, headers, ...sent });
      if (method === "POST" && body === undefined) expect(answer.status, route).toBe(400);
      else
        expect(
          [answer.status in operation.responses, ajv.validate(schema, answer.body), ajv.errorsText()],
          route,
        ).toEqual([true, true, "No errors"]);
    }
  });
});

describe("the pages", () => {
  /** Everything a browser would load from here on. */
  const references = (text: string) => [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, reference]) => reference!);

  test("of /docs load everything from the agent, and ask no other host for anything", async () => {
    const page = await agent.get("/docs");
    expect(page.headers["content-type"]).toMatch(/^text\/html/);
    const files = references(page.text);
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      expect(file).toMatch(/^\/docs\/static\//);
      const answer = await agent.get(file);
      expect(answer.status, file).toBe(200);
      if (file.endsWith(".css")) expect(answer.text).not.toMatch(/url\(["']?https?:|@import/);
    }
    expect((await agent.get("/docs/static/swagger-initializer.js")).text).toMatch(/"?validatorUrl"?: ?null/);
    expect((await agent.get("/docs/json")).body).toEqual((await agent.get("/openapi.json")).body);
  });

  test.each(["/docs", "/docs/static/index.css", "/docs/json"])(
    "of %s have a policy that names this host alone",
    async (path) => {
      const policy = String((await agent.get(path)).headers["content-security-policy"]);
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/https?:|\*|upgrade-insecure-requests|unsafe-eval|swagger\.io/);
    },
  );
});
