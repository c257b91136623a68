import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Answer, testAgentOf, testServer } from "../support/agent.ts";

const agent = await testAgentOf(await testServer());

/** Whole seconds, an hour ago. */
const AT = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
const time = (seconds: number) => new Date(AT + seconds * 1000).toISOString().replace(".000Z", "Z");

function expectAnswer(answer: Answer, body: unknown): void {
  expect(answer.body).toEqual(body);
  expect(answer.status).toBe(200);
  expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
}

describe("POST /v1/runs", () => {
  const report = (fields: object) => agent.post("/v1/runs", { pipeline_name: "orders", ...fields });

  test("answers with the run as it stands now", async () => {
    expectAnswer(await report({ run_id: "r1", status: "started", at: time(0) }), {
      duplicate: false,
      run: {
        pipeline_name: "orders",
        run_id: "r1",
        status: "started",
        attempt: 1,
        started_at: time(0),
        finished_at: null,
        duration_seconds: null,
      },
    });
    expectAnswer(await report({ run_id: "r1", status: "success", at: time(90) }), {
      duplicate: false,
      run: {
        pipeline_name: "orders",
        run_id: "r1",
        status: "success",
        attempt: 1,
        started_at: time(0),
        finished_at: time(90),
        duration_seconds: 90,
      },
    });
  });

  test("calls a failure that will be retried an attempt, and goes on with the next one", async () => {
    const failed = await report({ run_id: "r2", status: "failed", will_retry: true, error: "no disk", at: time(10) });
    expect(failed.body).toMatchObject({ run: { run_id: "r2", status: "retrying", attempt: 1 } });
    const again = await report({ run_id: "r2", status: "success", attempt: 2, duration_seconds: 0.5, at: time(20) });
    expect(again.body).toMatchObject({ run: { status: "success", attempt: 2, duration_seconds: 0.5 } });
  });

  test("gives a start without a run_id one, and the next end without a run_id ends it", async () => {
    const started = await agent.post("/v1/runs", { pipeline_name: "nameless", status: "started", at: time(0) });
    const { run } = started.body as { run: { run_id: string } };
    expect(run.run_id).toMatch(/^auto-\d{8}T\d{6}Z-[0-9a-f]{8}$/);
    const ended = await agent.post("/v1/runs", { pipeline_name: "nameless", status: "success", at: time(5) });
    expect(ended.body).toMatchObject({ run: { run_id: run.run_id, status: "success", duration_seconds: 5 } });
    const next = await agent.post("/v1/runs", { pipeline_name: "nameless", status: "skipped", at: time(6) });
    expect((next.body as { run: { run_id: string } }).run.run_id).not.toBe(run.run_id);
  });

  test("takes Unix seconds, offsets, and times without an offset as UTC", async () => {
    const unix = await report({ run_id: "t1", status: "success", at: AT / 1000, started_at: AT / 1000 - 2.5 });
    expect(unix.body).toMatchObject({ run: { finished_at: time(0), duration_seconds: 2.5 } });
    const east = new Date(AT + 5.5 * 3_600_000).toISOString().slice(0, 19);
    const offset = await report({ run_id: "t2", status: "success", finished_at: `${east}+05:30`, at: time(0) });
    expect(offset.body).toMatchObject({ run: { finished_at: time(0) } });
    const bare = await report({ run_id: "t3", status: "success", finished_at: time(0).slice(0, 19), at: time(0) });
    expect(bare.body).toMatchObject({ run: { finished_at: time(0) } });
  });

  test("keeps the trace of the traceparent header where the report has none", async () => {
    const ids = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
    const traceparent = `00-${ids[0]}-${ids[1]}-01`;
    await agent.post("/v1/runs", { pipeline_name: "traced", run_id: "r", status: "success" }, { traceparent });
    expect((await agent.get("/v1/runs/traced/r")).body).toMatchObject({ traceparent });
    await agent.post("/v1/runs", { pipeline_name: "traced", run_id: "x", status: "success" }, { traceparent: "junk" });
    expect((await agent.get("/v1/runs/traced/x")).body).toMatchObject({ traceparent: null });
  });
});

describe("POST /v1/records", () => {
  test("adds counts of one attempt up, parts too, and a higher attempt replaces its part", async () => {
    const report = (fields: object) =>
      agent.post("/v1/records", { pipeline_name: "counted", run_id: "r", stage: "load", at: time(0), ...fields });
    expectAnswer(await report({ count: 10, failed: 1 }), { duplicate: false });
    expectAnswer(await report({ count: 5, expected_min: 12 }), { duplicate: false });
    expectAnswer(await report({ count: 100, part: "eu" }), { duplicate: false });
    expectAnswer(await report({ count: 7, part: "eu", attempt: 2 }), { duplicate: false });
    const run = await agent.get("/v1/runs/counted/r");
    expect(run.body).toMatchObject({ stages: [{ stage: "load", count: 22, failed: 1, expected_min: 12 }] });
  });

  test("takes a count of 0 as evidence, and the largest whole number exactly", async () => {
    const base = { pipeline_name: "extremes", run_id: "r", at: time(0) };
    expectAnswer(await agent.post("/v1/records", { ...base, stage: "none", count: 0 }), { duplicate: false });
    expectAnswer(await agent.post("/v1/records", { ...base, stage: "all", count: Number.MAX_SAFE_INTEGER }), {
      duplicate: false,
    });
    expect((await agent.get("/v1/runs/extremes/r")).body).toMatchObject({
      stages: [
        { stage: "all", count: 9007199254740991 },
        { stage: "none", count: 0, failed: null },
      ],
    });
  });
});

describe("POST /v1/quality", () => {
  test("judges one check against its threshold", async () => {
    const report = (fields: object) => agent.post("/v1/quality", { pipeline_name: "checked", ...fields });
    expectAnswer(await report({ check_name: "null_rate", score: 0.999, threshold: 0.95 }), {
      duplicate: false,
      checks: [{ check_name: "null_rate", score: 0.999, threshold: 0.95, passed: true }],
    });
    expectAnswer(await report({ check_name: "by_default", score: 0.7999 }), {
      duplicate: false,
      checks: [{ check_name: "by_default", score: 0.7999, threshold: 0.8, passed: false }],
    });
    expectAnswer(await report({ check_name: "exactly", score: 0.8 }), {
      duplicate: false,
      checks: [{ check_name: "exactly", score: 0.8, threshold: 0.8, passed: true }],
    });
  });

  test("takes many checks at once; one that could not be computed neither passes nor fails", async () => {
    const checks = [
      { check_name: "a", score: 1 },
      { check_name: "b", score: null, error: "division by zero", severity: "warn" },
      { check_name: "c", score: 0, threshold: 0 },
    ];
    expectAnswer(await agent.post("/v1/quality", { pipeline_name: "many", run_id: "r", checks }), {
      duplicate: false,
      checks: [
        { check_name: "a", score: 1, threshold: 0.8, passed: true },
        { check_name: "b", score: null, threshold: 0.8, passed: null },
        { check_name: "c", score: 0, threshold: 0, passed: true },
      ],
    });
    const rows = await agent.query("SELECT check_name FROM data_quality_sla WHERE pipeline_name = 'many' ORDER BY 1");
    expect(rows).toEqual([{ check_name: "a" }, { check_name: "c" }]);
  });
});

describe("POST /v1/latency", () => {
  test("takes a number or an array, of vector searches unless another operation is named", async () => {
    const report = (fields: object) => agent.post("/v1/latency", { pipeline_name: "search", ...fields });
    expectAnswer(await report({ seconds: 0.02 }), { duplicate: false });
    expectAnswer(await report({ seconds: [0.02, 0.3, 7] }), { duplicate: false });
    expectAnswer(await report({ seconds: 0.004, operation: "feature_get" }), { duplicate: false });
    const { text } = await agent.get("/metrics");
    const value = (series: string) =>
      Number(
        text
          .split("\n")
          .find((line) => line.startsWith(series))
          ?.split(/\s+/)[1],
      );
    expect(value('vector_search_latency_seconds_count{pipeline_name="search"}')).toBe(4);
    expect(value('vector_search_latency_seconds_sum{pipeline_name="search"}')).toBeCloseTo(7.34, 9);
    expect(value('vector_search_latency_seconds_bucket{pipeline_name="search",le="0.05"}')).toBe(2);
    expect(value('vector_search_latency_seconds_bucket{pipeline_name="search",le="5.0"}')).toBe(3);
    const operation = 'operation_latency_seconds_count{pipeline_name="search",operation="feature_get"}';
    expect(value(operation)).toBe(1);
  });
});

describe("POST /v1/freshness", () => {
  test("keeps the greatest time seen of a dataset, which is the pipeline's name unless told", async () => {
    const report = (fields: object) => agent.post("/v1/freshness", { pipeline_name: "fresh", ...fields });
    expectAnswer(await report({ data_through: time(0) }), { duplicate: false });
    expectAnswer(await report({ data_through: time(-60) }), { duplicate: false });
    expectAnswer(await report({ data_through: AT / 1000 + 30, dataset: "orders" }), { duplicate: false });
    expect((await agent.get("/v1/pipelines/fresh")).body).toMatchObject({
      datasets: [
        { dataset: "fresh", data_through: time(0) },
        { dataset: "orders", data_through: time(30) },
      ],
    });
  });
});

describe("POST /v1/reports", () => {
  const items = (pipeline_name: string) => [
    { kind: "run", pipeline_name, run_id: "r", status: "success", at: time(0) },
    { kind: "records", pipeline_name, run_id: "r", stage: "load", count: 3, at: time(0) },
    { kind: "quality", pipeline_name, run_id: "r", check_name: "a", score: 1, at: time(0) },
    { kind: "quality", pipeline_name, run_id: "r", checks: [{ check_name: "b", score: 0.5 }], at: time(0) },
    { kind: "latency", pipeline_name, run_id: "r", seconds: [0.1, 0.2], at: time(0) },
    { kind: "freshness", pipeline_name, run_id: "r", data_through: time(0), at: time(0) },
  ];
  const lines = (pipeline_name: string, end = "\n") =>
    items(pipeline_name)
      .map((item) => JSON.stringify(item) + end)
      .join("");
  const ACCEPTED = { accepted: 6, duplicates: 0, rejected: [], errors: [] };

  async function expectStored(pipeline_name: string): Promise<void> {
    expect((await agent.get(`/v1/runs/${pipeline_name}/r`)).body).toMatchObject({
      status: "success",
      stages: [{ stage: "load", count: 3 }],
      checks: [
        { check_name: "a", score: 1, passed: true },
        { check_name: "b", score: 0.5, passed: false },
      ],
    });
  }

  test("takes an array of all kinds", async () => {
    expectAnswer(await agent.post("/v1/reports", items("as_array")), ACCEPTED);
    await expectStored("as_array");
  });

  test.each(["application/x-ndjson", "application/ndjson", "application/jsonl; charset=utf-8"])(
    "takes %s",
    async (type) => {
      const name = `as_${type.replace(/\W/g, "_")}`;
      expectAnswer(await agent.post("/v1/reports", lines(name), { "content-type": type }), ACCEPTED);
      await expectStored(name);
    },
  );

  test.each([
    ["CRLF line ends", (name: string) => lines(name, "\r\n")],
    ["blank lines and no newline at the end", (name: string) => `\n \t\r\n${lines(name, "\n\n").trimEnd()}`],
    ["a byte order mark", (name: string) => `\ufeff${lines(name)}`],
  ])("takes NDJSON with %s", async (what, text) => {
    const name = what.replace(/ /g, "_");
    expectAnswer(await agent.post("/v1/reports", text(name), { "content-type": "application/x-ndjson" }), ACCEPTED);
    await expectStored(name);
  });

  test.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["GZIP", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["identity", (body: Buffer) => body],
  ])("takes a body in %s, as an array and as NDJSON", async (encoding, pack) => {
    const array = pack(Buffer.from(JSON.stringify(items(`array_${encoding}`))));
    expectAnswer(await agent.post("/v1/reports", array, { "content-encoding": encoding }), ACCEPTED);
    await expectStored(`array_${encoding}`);
    const ndjson = pack(Buffer.from(lines(`lines_${encoding}`)));
    const headers = { "content-type": "application/x-ndjson", "content-encoding": encoding };
    expectAnswer(await agent.post("/v1/reports", ndjson, headers), ACCEPTED);
    await expectStored(`lines_${encoding}`);
  });

  test("takes a body in chunks", async () => {
    const headers = { "transfer-encoding": "chunked" };
    expectAnswer(await agent.post("/v1/reports", items("chunked"), headers), ACCEPTED);
    await expectStored("chunked");
  });

  test("answers an empty array and empty NDJSON with nothing accepted", async () => {
    const nothing = { accepted: 0, duplicates: 0, rejected: [], errors: [] };
    expectAnswer(await agent.post("/v1/reports", []), nothing);
    expectAnswer(await agent.post("/v1/reports", "\n\n", { "content-type": "application/x-ndjson" }), nothing);
  });

  test("keeps the good items beside the bad ones and says what is wrong with each of these", async () => {
    const answer = await agent.post("/v1/reports", [
      { kind: "quality", pipeline_name: "mixed", check_name: "a", score: 1.2 },
      { kind: "quality", pipeline_name: "mixed", check_name: "a", score: 1 },
      { kind: "magic", pipeline_name: "mixed" },
      { pipeline_name: "mixed" },
      [],
      null,
      { kind: "records", pipeline_name: "mixed", stage: "load", count: 1, kindness: 2 },
      { kind: "freshness", pipeline_name: "mixed", data_through: time(0), at: "2001-01-01T00:00:00Z" },
    ]);
    const fields = "pipeline_name, run_id, attempt, try, id, at, traceparent";
    expectAnswer(answer, {
      accepted: 1,
      duplicates: 0,
      rejected: [
        {
          index: 0,
          code: "invalid_report",
          detail: "score: 1.2 given; must be a number from 0 to 1, or null together with an error",
        },
        {
          index: 2,
          code: "invalid_report",
          detail: 'kind: "magic" given; must be one of run, records, quality, latency, freshness, drift, schema',
        },
        {
          index: 3,
          code: "invalid_report",
          detail: "kind: missing; must be one of run, records, quality, latency, freshness, drift, schema",
        },
        { index: 4, code: "invalid_report", detail: "an array given; each item must be an object with a kind" },
        { index: 5, code: "invalid_report", detail: "null given; each item must be an object with a kind" },
        {
          index: 6,
          code: "invalid_report",
          detail: `kindness: unknown field "kindness"; the fields are ${fields}, stage, count, failed, expected_min, expected_min_of, part`,
        },
        {
          index: 7,
          code: "at_out_of_range",
          detail: expect.stringMatching(/^at: "2001-01-01T00:00:00Z" given; must lie between /),
        },
      ],
      errors: [],
    });
  });

  test("counts the lines of NDJSON that are not blank, and one broken line spoils no other", async () => {
    const good = JSON.stringify({ kind: "quality", pipeline_name: "broken_lines", check_name: "a", score: 1 });
    const latin1 = Buffer.from('{"kind": "quality", "pipeline_name": "caf\u00e9"}', "latin1");
    const body = Buffer.concat([Buffer.from(`${good}\n\n{"kind":\n`), latin1, Buffer.from(`\n${good}\n`)]);
    expectAnswer(await agent.post("/v1/reports", body, { "content-type": "application/x-ndjson" }), {
      accepted: 2,
      duplicates: 0,
      rejected: [
        {
          index: 1,
          code: "invalid_json",
          detail: "the line is not JSON: Unexpected end of JSON input",
        },
        { index: 2, code: "invalid_json", detail: "the line is not UTF-8" },
      ],
      errors: [],
    });
  });
});
