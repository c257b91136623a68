import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { apiKey, bearer, takeLog, testAgentOf, testServer } from "../support/agent.ts";
import { expectProblem, LEAKS } from "./problems.ts";

const server = await testServer();
const agent = await testAgentOf(server);
const MB = 1024 * 1024;
const GOOD = { pipeline_name: "p", seconds: 1 };
const NDJSON = { "content-type": "application/x-ndjson" };

/** The greatest resident memory while `work` runs, above what it was before. */
async function memoryOf<T>(work: () => Promise<T>): Promise<{ result: T; grown: number }> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 10);
  try {
    const result = await work();
    return { result, grown: Math.max(most, process.memoryUsage.rss()) - before };
  } finally {
    clearInterval(timer);
  }
}

describe("a body that is not JSON", () => {
  test.each([
    ["a form", "pipeline_name=p&seconds=1", /^the body is not JSON: Unexpected token 'p'/],
    ["cut off", '{"pipeline_name": "p", "seconds"', /^the body is not JSON: Unexpected end of JSON input$/],
    ["with NaN", '{"pipeline_name": "p", "seconds": NaN}', /^the body is not JSON: Unexpected token 'N'/],
    ["with single quotes", "{'a': 1}", /^the body is not JSON: Expected property name/],
    ["with a trailing comma", '{"pipeline_name": "p",}', /^the body is not JSON: Expected double-quoted property name/],
    ["with a raw NUL", '{"pipeline_name": "\u0000"}', /^the body is not JSON: Bad control character in string/],
    ["two documents", "{} {}", /^the body is not JSON: Unexpected non-whitespace character/],
    ["a NUL alone", "\u0000", /^the body is not JSON: Unexpected token/],
  ])("%s is invalid_json, with where it stopped making sense", async (_what, body, detail) => {
    expectProblem(await agent.post("/v1/latency", body), "invalid_json", detail);
    expectProblem(await agent.post("/v1/reports", body), "invalid_json", detail);
  });

  test.each([
    ["Latin-1", Buffer.from('{"pipeline_name": "caf\u00e9", "seconds": 1}', "latin1")],
    ["UTF-16", Buffer.from(`\ufeff${JSON.stringify(GOOD)}`, "utf16le")],
    ["half a surrogate pair in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ["an overlong encoding", Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
  ])("%s is refused instead of changed", async (_what, body) => {
    expectProblem(await agent.post("/v1/latency", body), "invalid_json", "the body is not UTF-8");
  });

  test.each(["", " \r\n\t "])("%j is told to be empty", async (body) => {
    for (const path of ["/v1/runs", "/v1/reports"]) {
      expectProblem(await agent.post(path, body), "invalid_json", "the body is empty; JSON is wanted");
    }
  });

  test("no body and no content type is told to be empty", async () => {
    for (const path of ["/v1/runs", "/v1/reports"]) {
      const answer = await agent.send({ method: "POST", path });
      expectProblem(answer, "invalid_json", "the body is empty; JSON is wanted");
    }
  });

  test("a byte order mark before JSON is let pass", async () => {
    expect((await agent.post("/v1/latency", `\ufeff${JSON.stringify(GOOD)}`)).body).toEqual({ duplicate: false });
  });
});

describe("a batch that is no list", () => {
  test.each([
    ["an object", {}, "an object given"],
    ["a text", '"x"', '"x" given'],
    ["null", null, "null given"],
  ])("but %s is refused", async (_what, body, given) => {
    const detail = `${given}; the body must be an array of reports, or NDJSON`;
    expectProblem(
      await agent.post("/v1/reports", typeof body === "string" ? body : JSON.stringify(body)),
      "invalid_report",
      detail,
    );
  });

  test("but 10 001 items is too large, and 10 000 are not", async () => {
    const detail = "more than 10000 reports in one request; send them in several";
    expectProblem(await agent.post("/v1/reports", new Array(10_001).fill({})), "body_too_large", detail);
    expectProblem(await agent.post("/v1/reports", "{}\n".repeat(10_001), NDJSON), "body_too_large", detail);
    const most = await agent.post("/v1/reports", "{}\n".repeat(10_000), NDJSON);
    expect(most.body).toMatchObject({ accepted: 0, rejected: { length: 10_000 } });
  });
});

describe("a content type", () => {
  const types = {
    "": undefined,
    "text/plain": 1,
    "application/x-www-form-urlencoded": 1,
    "multipart/form-data; boundary=x": 1,
    "text/json": 1,
    json: 1,
    "application/json, text/plain": 1,
  };

  test.each(Object.keys(types))("of %j is not taken, so that no web page can post without asking", async (type) => {
    const headers = type === "" ? {} : { "content-type": type };
    const answer = await agent.send({ method: "POST", path: "/v1/latency", headers, body: JSON.stringify(GOOD) });
    const detail = "content-type: must be application/json, or application/x-ndjson for /v1/reports";
    expectProblem(answer, "unsupported_media_type", detail);
  });

  test.each(["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"])(
    "of %s is taken",
    async (type) => {
      expect((await agent.post("/v1/latency", GOOD, { "content-type": type })).status).toBe(200);
    },
  );

  test("of NDJSON is only for the batch", async () => {
    const answer = await agent.post("/v1/latency", GOOD, NDJSON);
    const detail = "content-type: NDJSON given; only POST /v1/reports takes several reports";
    expectProblem(answer, "unsupported_media_type", detail);
  });
});

describe("a content encoding", () => {
  test.each(["zstd", "gzip, gzip", "compress", "x"])("of %s is not taken", async (encoding) => {
    const answer = await agent.post("/v1/latency", GOOD, { "content-encoding": encoding });
    const detail = `content-encoding: "${encoding}" given; must be gzip, deflate or br`;
    expectProblem(answer, "unsupported_media_type", detail);
  });

  const packed = gzipSync(JSON.stringify([{ kind: "latency", ...GOOD }]));
  test.each([
    ["that is something else", Buffer.from("{}"), /^the body is not gzip: incorrect header check$/],
    ["cut off", packed.subarray(0, -5), /^the body is not gzip: unexpected end of file$/],
    [
      "with a wrong checksum",
      Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)]),
      /^the body is not gzip: incorrect data check$/,
    ],
  ])("of gzip %s is refused, and the connection goes on", async (_what, body, detail) => {
    expectProblem(await agent.post("/v1/reports", body, { "content-encoding": "gzip" }), "bad_request", detail);
    expect((await agent.post("/v1/latency", GOOD)).status).toBe(200);
  });

  test("of gzip with nothing in it is told to be empty", async () => {
    const answer = await agent.post("/v1/reports", gzipSync(""), { "content-encoding": "gzip" });
    expectProblem(answer, "invalid_json", "the body is empty; JSON is wanted");
    const less = await agent.post("/v1/reports", Buffer.alloc(0), { "content-encoding": "gzip" });
    expectProblem(less, "bad_request", "the body is not gzip: unexpected end of file");
  });
});

describe("a body that is too much", () => {
  const TOO_LARGE = `the body is larger than ${16 * MB} bytes`;

  test("of 1 GB of zeros in gzip is refused quickly and costs little memory", async () => {
    const member = gzipSync(Buffer.alloc(16 * MB), { level: 9 });
    const gigabyte = Buffer.concat(new Array(64).fill(member));
    expect(gigabyte.length).toBeLessThan(2 * MB);
    for (const path of ["/v1/runs", "/v1/reports"]) {
      const started = performance.now();
      const { result, grown } = await memoryOf(() => agent.post(path, gigabyte, { "content-encoding": "gzip" }));
      expectProblem(result, "body_too_large", TOO_LARGE);
      expect(result.headers.connection).toBe("close");
      expect(performance.now() - started).toBeLessThan(10_000);
      expect(grown).toBeLessThan(150 * MB);
    }
    expect((await agent.post("/v1/latency", GOOD)).status).toBe(200);
  });

  test("of 17 MB is refused by its length alone, and in chunks as soon as it is over", async () => {
    const body = Buffer.alloc(17 * MB, " ");
    expectProblem(await agent.post("/v1/reports", body), "body_too_large", TOO_LARGE);
    expectProblem(
      await agent.post("/v1/reports", body, { "transfer-encoding": "chunked" }),
      "body_too_large",
      TOO_LARGE,
    );
    const announced = await agent.raw(
      "POST /v1/runs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99999999999\r\n\r\n",
    );
    expect(announced).toMatch(/^HTTP\/1.1 413 /);
  });

  test("of a million nested arrays is refused like any other", async () => {
    const nested = "[".repeat(1e6) + "]".repeat(1e6);
    const deep = "the body has more than 64 objects and lists within one another";
    for (const body of [nested, `{"pipeline_name": ${nested}, "status": "success"}`, "[".repeat(1e6)]) {
      expectProblem(await agent.post("/v1/runs", body), "body_too_large", deep);
      expectProblem(await agent.post("/v1/reports", body), "body_too_large", deep);
    }
    expect((await agent.post("/v1/reports", nested, NDJSON)).body).toMatchObject({ rejected: [{ index: 0 }] });
  });

  test("of millions of wrong elements, keys or lines costs no more than its size calls for", async () => {
    const elements = `{"pipeline_name": "p", "seconds": [${'"",'.repeat(5e6)}0]}`;
    const keys = `{${Array.from({ length: 1e6 }, (_, i) => `"k${i}":0`).join(",")}}`;
    const lines = "\n{}".repeat(5e6);
    const { grown } = await memoryOf(async () => {
      expectProblem(
        await agent.post("/v1/latency", elements),
        "invalid_report",
        /^seconds: an array given/,
        expect.anything() as never,
      );
      expectProblem(
        await agent.post("/v1/latency", keys),
        "body_too_large",
        "an object in the body has more than 20000 fields",
      );
      expectProblem(await agent.post("/v1/reports", lines, NDJSON), "body_too_large", /^more than 10000 reports/);
    });
    expect(grown).toBeLessThan(600 * MB);
  });
});

describe("a request that is broken before it is one", () => {
  const problem = (status: string, code: string, detail: string) =>
    new RegExp(
      `^HTTP/1.1 ${status}\r\ncontent-type: application/problem\\+json; charset=utf-8\r\n(?:.*\r\n)+\r\n.*"detail":"${detail}","code":"${code}"}$`,
    );

  test.each([
    ["no HTTP at all", "hello\r\n\r\n"],
    ["TLS", Buffer.from([0x16, 0x03, 0x01, 0x00, 0xa5, 0x01, 0x00, 0x00])],
    ["a length that is no number", "POST /v1/runs HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n"],
    ["two lengths", "POST /v1/runs HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"],
    [
      "a length and chunks",
      "POST /v1/runs HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    [
      "a broken chunk",
      "POST /v1/runs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ],
    ["a header with a line end in it", "GET / HTTP/1.1\r\nhost: localhost\r\na: b\n c\r\x00d: e\r\n\r\n"],
    ["an unknown method", "FETCH / HTTP/1.1\r\nhost: localhost\r\n\r\n"],
  ])("with %s is a bad_request", async (_what, bytes) => {
    expect(await agent.raw(bytes)).toMatch(
      problem("400 Bad Request", "bad_request", "this is not a well-formed HTTP request"),
    );
  });

  test.each([
    ["one that is too long", `a: ${"b".repeat(17_000)}`],
    ["too many", Array.from({ length: 3000 }, (_, i) => `h${i}: v`).join("\r\n")],
  ])("with headers of which there is %s is told so", async (_what, headers) => {
    const answer = await agent.raw(`GET / HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n\r\n`);
    expect(answer).toMatch(problem("400 Bad Request", "bad_request", "the headers are larger than 16384 bytes"));
  });

  test("with a path beyond all bounds is told so", async () => {
    const answer = await agent.raw(`GET /${"a".repeat(20_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    expect(answer).toMatch(problem("400 Bad Request", "bad_request", "the headers are larger than 16384 bytes"));
  });

  test("leaves the others alone", async () => {
    expect((await agent.get("/healthz")).status).toBe(200);
  });
});

describe("a method that a path does not take", () => {
  test.each([
    ["PUT", "/v1/runs", "GET, HEAD, POST"],
    ["DELETE", "/v1/quality", "GET, HEAD, POST"],
    ["PATCH", "/v1/runs/a%2Fb/c", "GET, HEAD"],
    ["GET", "/v1/reports", "POST"],
    ["HEAD", "/v1/reports", "POST"],
    ["OPTIONS", "/v1/runs?x=y", "GET, HEAD, POST"],
    ["TRACE", "/v1/sla/p", "GET, HEAD"],
    ["POST", "/metrics", "GET, HEAD"],
    ["POST", "/", "GET, HEAD"],
  ])("%s %s is answered with those it takes", async (method, path, allow) => {
    const answer = await agent.send({ method, path });
    expect(answer.headers.allow).toBe(allow);
    expect(answer.status).toBe(405);
    if (method === "HEAD") return;
    const asked = `${method} ${path.split("?")[0]}`;
    expectProblem(answer, "method_not_allowed", `${asked}: this path takes ${allow}`);
  });

  test("is told before its body is read", async () => {
    const answer = await agent.send({
      method: "PUT",
      path: "/v1/runs",
      headers: { "content-type": "text/plain" },
      body: "x",
    });
    expect(answer.status).toBe(405);
  });

  test.each([
    "/v1",
    "/v1/run",
    "/v1/runs/",
    "/v1/runs/a",
    "/v1/runs/a/b/c",
    "/V1/runs",
    "//v1/runs",
    "/v1/runs;x=y",
    "/.env",
    "/../etc/passwd",
  ])("is not what is wrong with %s: there is no such path", async (path) => {
    expectProblem(await agent.get(path), "not_found", `GET ${path}: there is no such route; /docs lists them`);
    expect((await agent.post(path, "not JSON")).status).toBe(404);
  });

  test.each(["/docs/static/../../package.json", "/docs/static/%2e%2e/%2e%2e/package.json", "/docs/static/x"])(
    "is not what is wrong with %s: there is no such file",
    async (path) => {
      const answer = await agent.get(path);
      expectProblem(answer, "not_found", /^there is no such file$|there is no such route; \/docs lists them$/);
      expect(answer.text).not.toMatch(LEAKS);
    },
  );

  test("is never HEAD where GET works: the same headers, no body", async () => {
    for (const path of ["/healthz", "/readyz", "/metrics", "/v1/runs", "/v1/sla", "/openapi.json", "/docs", "/"]) {
      const head = await agent.send({ method: "HEAD", path });
      expect([head.status, head.text], path).toEqual([200, ""]);
      expect(head.headers["content-type"]).toBe((await agent.get(path)).headers["content-type"]);
    }
  });

  test("gives a page of another origin no permission", async () => {
    const origin = { origin: "https://evil.example" };
    const preflight = await agent.send({
      method: "OPTIONS",
      path: "/v1/runs",
      headers: { ...origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
    });
    for (const answer of [
      preflight,
      await agent.get("/v1/runs", origin),
      await agent.post("/v1/latency", GOOD, origin),
    ]) {
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
      expect(answer.headers["cross-origin-resource-policy"]).toBe("same-origin");
    }
  });
});

describe("a slow client", () => {
  test("that does not send its headers or its body in time is told so, and the others go on", async () => {
    const slow = await testAgentOf(server, { limits: { request_timeout: 1000 } });
    const started = performance.now();
    const head = "POST /v1/latency HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    const answers = Promise.all([
      slow.raw(head),
      slow.raw(`${head}content-length: 100\r\n\r\n{`),
      slow.raw(`${head}content-length: 1000000\r\n\r\n{`),
      slow.raw(`${head}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`),
      slow.raw(`${head}content-encoding: gzip\r\ncontent-length: 100\r\n\r\n\x1f`),
    ]);
    expect((await slow.post("/v1/latency", GOOD)).status).toBe(200);
    for (const answer of await answers) {
      expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
      expect(answer).toContain('"code":"request_timeout"');
      expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
    }
    expect(performance.now() - started).toBeLessThan(15_000);
    await slow.stop();
  });

  test("that goes away in the middle of its body leaves nothing behind", async () => {
    takeLog();
    for (const type of [
      "content-length: 100000",
      "transfer-encoding: chunked",
      "content-encoding: gzip\r\ncontent-length: 100",
    ]) {
      const socket = connect(agent.port, "127.0.0.1");
      socket.write(`POST /v1/latency HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${type}\r\n\r\n`);
      await sleep(50);
      socket.destroy();
    }
    await sleep(100);
    expect(takeLog().filter((line) => line.level !== "info")).toEqual([]);
    expect((await agent.post("/v1/latency", GOOD)).status).toBe(200);
  });
});

describe("bodies that are held", () => {
  test("past what may be held at once are refused for a moment, and let go of again", async () => {
    const small = await testAgentOf(server, { limits: { bodies_in_flight_bytes: 1000, body_bytes: 1000 } });
    const head = "POST /v1/latency HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    const socket = connect(small.port, "127.0.0.1");
    socket.write(`${head}content-length: 990\r\n\r\n`);
    await sleep(50);
    expect((await small.post("/v1/latency", GOOD)).status, "what was only announced takes no room").toBe(200);
    socket.write(Buffer.alloc(980));
    // When it has come through is not for a clock to say.
    const answer = await until(async () => {
      const answer = await small.post("/v1/latency", GOOD);
      return answer.status === 200 ? undefined : answer;
    });
    expectProblem(answer, "queue_full", "the agent holds as many request bodies as it may; send it again");
    expect(answer.headers["retry-after"]).toBe("1");
    socket.destroy();
    await until(async () => (await small.post("/v1/latency", GOOD)).status === 200 || undefined);
    for (let i = 0; i < 50; i++) {
      expect((await small.post("/v1/latency", GOOD)).status).toBe(200);
      expect(
        (await small.post("/v1/latency", gzipSync(JSON.stringify(GOOD)), { "content-encoding": "gzip" })).status,
      ).toBe(200);
      expect(
        (await small.post("/v1/latency", gzipSync(Buffer.alloc(5000)), { "content-encoding": "gzip" })).status,
      ).toBe(413);
      expect((await small.post("/v1/latency", Buffer.alloc(5000))).status).toBe(413);
      expect((await small.post("/v1/latency", "x", { "content-encoding": "gzip" })).status).toBe(400);
      expect((await small.post("/v1/latency", "x", { "content-encoding": "y" })).status).toBe(415);
      expect((await small.post("/nowhere", GOOD)).status).toBe(404);
    }
    await small.stop();
  });
});

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(50);
  }
  throw new Error("it did not come in half a minute");
}

test("requests over the limit are refused for a while; probes and scrapes never are", async () => {
  const limited = await testAgentOf(server, { limits: { requests_per_minute: 3 } });
  for (let i = 0; i < 3; i++) expect((await limited.post("/v1/latency", GOOD)).status).toBe(200);
  const answer = await limited.post("/v1/latency", GOOD);
  expectProblem(answer, "rate_limited", "more than 3 requests a minute; send it again later");
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(50);
  expect(Number(answer.headers["retry-after"])).toBeLessThanOrEqual(60);
  for (const path of ["/healthz", "/readyz", "/metrics", "/docs"]) expect((await limited.get(path)).status).toBe(200);
  await limited.stop();
});

test("requests without a valid key have a limit of their own by address, on every route that asks for none", async () => {
  const reporter = apiKey("reporter", ["report"]);
  const limited = await testAgentOf(server, { keys: [reporter.entry], limits: { keyless_requests_per_minute: 8 } });
  const paths = ["/healthz", "/readyz", "/metrics", "/", "/badge/orders.svg", "/docs/errors", "/openapi.json"];
  for (const path of paths) expect((await limited.get(path)).status).toBe(200);
  expectProblem(await limited.get("/v1/runs"), "unauthorized", /^Authorization: missing/);
  for (const path of [...paths, "/v1/runs"]) {
    const answer = await limited.get(path);
    expectProblem(
      answer,
      "rate_limited",
      "more than 8 requests a minute from this address without a valid API key; send it again later",
    );
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    expect(Number(answer.headers["retry-after"])).toBeLessThanOrEqual(60);
  }
  for (let i = 0; i < 20; i++) {
    expect((await limited.post("/v1/latency", GOOD, bearer(reporter.key))).status).toBe(200);
  }
  await limited.stop();
});

test("the address is the forwarded one where the peer is a trusted proxy, and the peer's where it is not", async () => {
  const limits = { keyless_requests_per_minute: 2 };
  const behind = await testAgentOf(server, { limits, yaml: "trusted_proxies: [127.0.0.1]\n" });
  for (const address of ["203.0.113.1", "203.0.113.2", "203.0.113.3"]) {
    const from = { "x-forwarded-for": address };
    for (const status of [200, 200, 429]) expect((await behind.get("/healthz", from)).status).toBe(status);
  }
  await behind.stop();
  const direct = await testAgentOf(server, { limits });
  for (const [address, status] of [
    ["203.0.113.1", 200],
    ["203.0.113.2", 200],
    ["203.0.113.3", 429],
  ] as const)
    expect((await direct.get("/healthz", { "x-forwarded-for": address })).status).toBe(status);
  await direct.stop();
});

test("nothing in this file was answered with a trace of the code, the database or a key", async () => {
  const answers = [
    await agent.get("/v1/runs?cursor=x"),
    await agent.get("/v1/runs?limit=';DROP%20TABLE%20run;--"),
    await agent.post("/v1/runs", { pipeline_name: "'; DROP TABLE run; --", status: "x" }),
    await agent.post("/v1/runs", "{"),
    await agent.get("/v1/pipelines/%zz"),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(answer.status < 500 ? answer.status : 0);
    expect(answer.text).not.toMatch(LEAKS);
  }
});
