import { describe, expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { expectInvalid, expectProblem } from "./problems.ts";

const agent = await testAgentOf(await testServer());

const NAME = "must be a name of 1 to 200 characters without invisible ones and outer blanks, not '.' or '..'";
const RUN_ID = "must be a run_id of 1 to 200 characters without whitespace or invisible ones, not '.' or '..'";
const COUNT = "must be a whole number from 0 to 9007199254740991";
const SCORE = "must be a number from 0 to 1, or null together with an error";
const TIME =
  "must be an RFC 3339 time such as 2026-11-20T02:00:00Z (without an offset = UTC) or Unix seconds, in the years 1 to 9999";
const TIME_TYPE = "must be an RFC 3339 time such as 2026-11-20T02:00:00Z (without an offset = UTC) or Unix seconds";
const COMMON = "pipeline_name, run_id, attempt, try, id, at, traceparent";

const run = { pipeline_name: "p", run_id: "r", status: "success" };
const records = { pipeline_name: "p", stage: "load", count: 1 };
const quality = { pipeline_name: "p", check_name: "c", score: 1 };
const latency = { pipeline_name: "p", seconds: 1 };
const freshness = { pipeline_name: "p", data_through: "2026-11-20T00:00:00Z" };

type Row = [what: string, path: string, body: unknown, wrong: Record<string, string>];

const ROWS: Row[] = [
  ["a body that is an array", "/v1/runs", [run], { "": "an array given; must be an object" }],
  ["a body that is null", "/v1/runs", null, { "": "null given; must be an object" }],
  ["a body that is a text", "/v1/runs", '"x"', { "": '"x" given; must be an object' }],
  ["a body that is a number", "/v1/quality", 5, { "": "5 given; must be an object" }],
  [
    "no field at all",
    "/v1/records",
    {},
    { pipeline_name: `missing; ${NAME}`, stage: `missing; ${NAME}`, count: `missing; ${COUNT}` },
  ],
  [
    "an unknown field",
    "/v1/latency",
    { ...latency, secs: 1 },
    { secs: `unknown field "secs"; the fields are ${COMMON}, operation, seconds` },
  ],
  [
    "the kind of a batch item",
    "/v1/latency",
    { ...latency, kind: "latency" },
    { kind: `unknown field "kind"; the fields are ${COMMON}, operation, seconds` },
  ],
  [
    "an unknown field of one check of many",
    "/v1/quality",
    { pipeline_name: "p", checks: [{ check_name: "c", score: 1, weight: 2 }] },
    { "checks[0].weight": 'unknown field "weight"; the fields are check_name, score, threshold, severity, error' },
  ],
  [
    "a field named constructor",
    "/v1/freshness",
    { ...freshness, constructor: 1 },
    { constructor: `unknown field "constructor"; the fields are ${COMMON}, data_through, dataset` },
  ],
  ["an empty name", "/v1/runs", { ...run, pipeline_name: "" }, { pipeline_name: `"" given; ${NAME}` }],
  [
    "a name of 5000 characters",
    "/v1/runs",
    { ...run, pipeline_name: "n".repeat(5000) },
    { pipeline_name: `"${"n".repeat(80)}…" (5000 characters) given; ${NAME}` },
  ],
  ["a name that is a number", "/v1/runs", { ...run, pipeline_name: 7 }, { pipeline_name: `7 given; ${NAME}` }],
  ["a name that is null", "/v1/runs", { ...run, pipeline_name: null }, { pipeline_name: `null given; ${NAME}` }],
  [
    "a name with a NUL",
    "/v1/runs",
    { ...run, pipeline_name: "a\u0000b" },
    { pipeline_name: `"a\\u0000b" given; ${NAME}` },
  ],
  ["a name with a newline", "/v1/records", { ...records, stage: "a\nb" }, { stage: `"a\\nb" given; ${NAME}` }],
  [
    "a name with a C1 control character",
    "/v1/records",
    { ...records, part: "a\u0085b" },
    { part: `"a\u0085b" given; ${NAME}` },
  ],
  [
    "a name with half a surrogate pair",
    "/v1/quality",
    '{"pipeline_name": "p", "check_name": "\\ud83d", "score": 1}',
    { check_name: `"\\ud83d" given; ${NAME}` },
  ],
  ["a name '.'", "/v1/latency", { ...latency, operation: "." }, { operation: `"." given; ${NAME}` }],
  ["a name '..'", "/v1/runs", { ...run, pipeline_name: ".." }, { pipeline_name: `".." given; ${NAME}` }],
  ["a run_id with a space", "/v1/runs", { ...run, run_id: "a b" }, { run_id: `"a b" given; ${RUN_ID}` }],
  [
    "a run_id with a no-break space",
    "/v1/runs",
    { ...run, run_id: "a\u00a0b" },
    { run_id: `"a\u00a0b" given; ${RUN_ID}` },
  ],
  ["a run_id '..'", "/v1/runs", { ...run, run_id: ".." }, { run_id: `".." given; ${RUN_ID}` }],
  [
    "an id with a tab",
    "/v1/runs",
    { ...run, id: "a\tb" },
    { id: '"a\\tb" given; must be an id of 1 to 128 printable characters' },
  ],
  [
    "an id of 129 characters",
    "/v1/runs",
    { ...run, id: "i".repeat(129) },
    { id: `"${"i".repeat(80)}…" (129 characters) given; must be an id of 1 to 128 printable characters` },
  ],
  [
    "an unknown status",
    "/v1/runs",
    { ...run, status: "done" },
    { status: '"done" given; must be one of started, success, failed, skipped, cancelled' },
  ],
  [
    "a retry of a success",
    "/v1/runs",
    { ...run, will_retry: true },
    { will_retry: 'true given with status "success"; only a failed attempt is retried' },
  ],
  [
    "an attempt of 0",
    "/v1/runs",
    { ...run, attempt: 0 },
    { attempt: "0 given; must be a whole number from 1 to 1000000" },
  ],
  [
    "an attempt of 1.5",
    "/v1/runs",
    { ...run, attempt: 1.5 },
    { attempt: "1.5 given; must be a whole number from 1 to 1000000" },
  ],
  [
    "a negative duration",
    "/v1/runs",
    { ...run, duration_seconds: -1 },
    { duration_seconds: "-1 given; must be seconds, a number from 0 to 1e9" },
  ],
  [
    "a duration as a text",
    "/v1/runs",
    { ...run, duration_seconds: "10s" },
    { duration_seconds: '"10s" given; must be seconds, a number from 0 to 1e9' },
  ],
  ["an error that is an object", "/v1/runs", { ...run, error: {} }, { error: "an object given; must be a text" }],
  [
    "a traceparent in capitals",
    "/v1/runs",
    { ...run, traceparent: `00-${"A".repeat(32)}-${"B".repeat(16)}-01` },
    {
      traceparent: `"00-${"A".repeat(32)}-${"B".repeat(16)}-01" given; must be a W3C traceparent such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`,
    },
  ],
  [
    "a time of the year 275760",
    "/v1/runs",
    { ...run, started_at: "275760-09-13T00:00:00Z" },
    { started_at: `"275760-09-13T00:00:00Z" given; ${TIME}` },
  ],
  [
    "a time of the year 275760 in Unix seconds",
    "/v1/runs",
    { ...run, finished_at: 8.64e12 },
    { finished_at: `8640000000000 given; ${TIME}` },
  ],
  [
    "milliseconds where seconds are meant",
    "/v1/freshness",
    { ...freshness, data_through: 1763604000000 },
    { data_through: `1763604000000 given; ${TIME}` },
  ],
  [
    "a day that is not there",
    "/v1/runs",
    { ...run, at: "2026-02-29T00:00:00Z" },
    { at: `"2026-02-29T00:00:00Z" given; ${TIME}` },
  ],
  [
    "an offset that is not there",
    "/v1/runs",
    { ...run, at: "2026-02-28T00:00:00+25:00" },
    { at: `"2026-02-28T00:00:00+25:00" given; ${TIME}` },
  ],
  [
    "a time of 1e400",
    "/v1/freshness",
    '{"pipeline_name": "p", "data_through": 1e400}',
    { data_through: `Infinity given; ${TIME}` },
  ],
  ["a time that is true", "/v1/runs", { ...run, at: true }, { at: `true given; ${TIME_TYPE}` }],
  [
    "an interval that ends before it starts",
    "/v1/runs",
    { ...run, data_interval_start: 10, data_interval_end: 9 },
    { data_interval_end: "9 given; must not be before data_interval_start" },
  ],
  ["a negative count", "/v1/records", { ...records, count: -1 }, { count: `-1 given; ${COUNT}` }],
  ["a fractional count", "/v1/records", { ...records, count: 1.5 }, { count: `1.5 given; ${COUNT}` }],
  ["a count of 1e30", "/v1/records", { ...records, count: 1e30 }, { count: `1e+30 given; ${COUNT}` }],
  [
    "a count beyond what a double tells apart",
    "/v1/records",
    '{"pipeline_name": "p", "stage": "s", "count": 9007199254740993}',
    { count: `9007199254740992 given; ${COUNT}` },
  ],
  ["a count as a text", "/v1/records", { ...records, count: "5" }, { count: `"5" given; ${COUNT}` }],
  ["a missing count", "/v1/records", { pipeline_name: "p", stage: "load" }, { count: `missing; ${COUNT}` }],
  ["a count that is null", "/v1/records", { ...records, count: null }, { count: `null given; ${COUNT}` }],
  ["a score of 1.2", "/v1/quality", { ...quality, score: 1.2 }, { score: `1.2 given; ${SCORE}` }],
  ["a score of -0.1", "/v1/quality", { ...quality, score: -0.1 }, { score: `-0.1 given; ${SCORE}` }],
  ["a score of 'NaN'", "/v1/quality", { ...quality, score: "NaN" }, { score: `"NaN" given; ${SCORE}` }],
  [
    "a score of null without an error",
    "/v1/quality",
    { ...quality, score: null },
    { error: "missing; a check without a score must say in error why it could not be computed" },
  ],
  [
    "checks of null without an error",
    "/v1/quality",
    {
      pipeline_name: "p",
      checks: [
        { check_name: "a", score: null },
        { check_name: "b", score: null },
      ],
    },
    {
      "checks[0].error": "missing; a check without a score must say in error why it could not be computed",
      "checks[1].error": "missing; a check without a score must say in error why it could not be computed",
    },
  ],
  [
    "a threshold of 95",
    "/v1/quality",
    { ...quality, threshold: 95 },
    { threshold: "95 given; must be a number from 0 to 1" },
  ],
  [
    "a severity of its own",
    "/v1/quality",
    { ...quality, severity: "fatal" },
    { severity: '"fatal" given; must be one of error, warn' },
  ],
  [
    "one check and many at once",
    "/v1/quality",
    { ...quality, checks: [{ check_name: "a", score: 1 }] },
    {
      check_name: `unknown field "check_name"; the fields are ${COMMON}, checks`,
      score: `unknown field "score"; the fields are ${COMMON}, checks`,
    },
  ],
  [
    "checks that are no array",
    "/v1/quality",
    { pipeline_name: "p", checks: {} },
    { checks: "an object given; must be an array of 1 to 10000 checks" },
  ],
  [
    "a check that is no object",
    "/v1/quality",
    { pipeline_name: "p", checks: [5] },
    { "checks[0]": "5 given; must be an object" },
  ],
  [
    "a negative latency",
    "/v1/latency",
    { ...latency, seconds: -0.001 },
    { seconds: "-0.001 given; must be seconds from 0 to 1e6: a number, or an array of 1 to 100000 numbers" },
  ],
  [
    "a latency of 1e400",
    "/v1/latency",
    '{"pipeline_name": "p", "seconds": [1e400]}',
    { "seconds[0]": "Infinity given; must be seconds, a number from 0 to 1e6" },
  ],
  [
    "one wrong latency of many",
    "/v1/latency",
    { ...latency, seconds: [1, "2", null] },
    {
      "seconds[1]": '"2" given; must be seconds, a number from 0 to 1e6',
      "seconds[2]": "null given; must be seconds, a number from 0 to 1e6",
    },
  ],
  [
    "several wrong fields, all at once",
    "/v1/runs",
    { ...run, pipeline_name: "", status: 1, attempt: -1 },
    {
      pipeline_name: `"" given; ${NAME}`,
      attempt: "-1 given; must be a whole number from 1 to 1000000",
      status: "1 given; must be one of started, success, failed, skipped, cancelled",
    },
  ],
];

const KINDS: Record<string, string> = {
  "/v1/runs": "run",
  "/v1/records": "records",
  "/v1/quality": "quality",
  "/v1/latency": "latency",
  "/v1/freshness": "freshness",
};

describe("a report with", () => {
  test.each(ROWS)("%s is refused, field by field", async (_what, path, body, wrong) => {
    expectInvalid(await agent.post(path, typeof body === "string" ? body : JSON.stringify(body)), wrong);
  });

  const isObject = (row: Row) => typeof row[2] === "object" && row[2] !== null && !Array.isArray(row[2]);
  const IN_A_BATCH = ROWS.filter((row) => isObject(row) && !Object.hasOwn(row[2] as object, "kind"));

  test("any of these things wrong is told in the same words in a batch", async () => {
    const items = IN_A_BATCH.map(([, path, body]) => ({ ...(body as object), kind: KINDS[path] }));
    const rejected = IN_A_BATCH.map(([, , , wrong], index) => ({
      index,
      code: "invalid_report",
      detail: Object.entries(wrong)
        .map(([field, message]) => `${field}: ${message}`)
        .join("; "),
    }));
    expect(IN_A_BATCH.length).toBeGreaterThan(40);
    const answer = await agent.post("/v1/reports", items);
    expect(answer.body).toEqual({ accepted: 0, duplicates: 0, rejected, errors: [] });
  });

  test("a __proto__ key pollutes nothing and is an unknown field", async () => {
    const body = '{"pipeline_name": "p", "seconds": 1, "__proto__": {"polluted": true}}';
    const message = `unknown field "__proto__"; the fields are ${COMMON}, operation, seconds`;
    const single = await agent.post("/v1/latency", body);
    expectProblem(single, "invalid_report", `__proto__: ${message}`, [{ path: "__proto__", message }]);
    const batch = await agent.post("/v1/reports", `[${body.replace("{", '{"kind": "latency",')}]`);
    expect(batch.body).toMatchObject({ rejected: [{ index: 0, detail: `__proto__: ${message}` }] });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("the same key twice counts as its last value", async () => {
    const body = '{"pipeline_name": "twice", "run_id": "r", "status": "failed", "status": "success"}';
    expect((await agent.post("/v1/runs", body)).body).toMatchObject({ run: { status: "success" } });
  });

  test("an unknown field of a megabyte is refused in a few words", async () => {
    const answer = await agent.post("/v1/latency", { ...latency, ["f".repeat(1_000_000)]: 1 });
    const field = `${"f".repeat(80)}…`;
    expectInvalid(answer, {
      [field]: `unknown field "${field}" (1000000 characters); the fields are ${COMMON}, operation, seconds`,
    });
  });

  test("a long text that is cut in the message is not cut within a character", async () => {
    const answer = await agent.post("/v1/runs", { ...run, status: `${"s".repeat(79)}😀😀` });
    expectInvalid(answer, {
      status: `"${"s".repeat(79)}…" (83 characters) given; must be one of started, success, failed, skipped, cancelled`,
    });
  });

  test("more than a hundred thousand latencies are refused", async () => {
    const answer = await agent.post("/v1/latency", { ...latency, seconds: new Array(100_001).fill(1) });
    expectInvalid(answer, {
      seconds: "an array given; must be seconds from 0 to 1e6: a number, or an array of 1 to 100000 numbers",
    });
  });
});

describe("a report about a time", () => {
  const iso = (ms: number) => new Date(Date.now() + ms).toISOString();
  const MINUTE = 60_000;
  const DAY = 86_400_000;

  test.each([
    ["six minutes ahead", 6 * MINUTE],
    ["a day before the retention", -401 * DAY],
  ])("%s is out of range", async (_what, ms) => {
    const at = iso(ms);
    const answer = await agent.post("/v1/quality", { ...quality, at });
    const detail = `^at: "${at}" given; must lie between \\S+Z \\(the retention\\) and five minutes after now \\(\\S+Z\\)$`;
    expectProblem(answer, "at_out_of_range", new RegExp(detail.replaceAll(".", "\\.")));
  });

  test("four minutes ahead, and a day after the retention begins, is taken", async () => {
    expect((await agent.post("/v1/quality", { ...quality, at: iso(4 * MINUTE) })).status).toBe(200);
    expect((await agent.post("/v1/quality", { ...quality, at: iso(-399 * DAY) })).status).toBe(200);
  });

  test("that data cannot reach yet is out of range", async () => {
    const answer = await agent.post("/v1/freshness", { ...freshness, data_through: iso(27 * 60 * MINUTE) });
    expectProblem(
      answer,
      "at_out_of_range",
      /^data_through: \S+Z given; must not be more than 26 hours after now \(\S+Z\)$/,
    );
    const tomorrow = await agent.post("/v1/freshness", { ...freshness, data_through: iso(25 * 60 * MINUTE) });
    expect(tomorrow.status).toBe(200);
  });
});

describe("free text", () => {
  test("keeps a NUL, escapes and half a surrogate pair as replacement characters, and lines as lines", async () => {
    const error = "line 1\\r\\nline 2\\ttab\\u0000nul\\u001b[31mred\\ud83dhalf 😀";
    const answer = await agent.post(
      "/v1/runs",
      `{"pipeline_name": "texts", "run_id": "r", "status": "failed", "error": "${error}"}`,
    );
    expect(answer.status).toBe(200);
    expect((await agent.get("/v1/runs/texts/r")).body).toMatchObject({
      error: "line 1\nline 2\ttab\ufffdnul\ufffd[31mred\ufffdhalf 😀",
    });
  });

  test("is cut to 8 KiB, between characters", async () => {
    await agent.post("/v1/runs", {
      ...run,
      pipeline_name: "texts",
      run_id: "long",
      status: "failed",
      error: "😀".repeat(5000),
    });
    const { body } = await agent.get("/v1/runs/texts/long");
    expect((body as { error: string }).error).toBe("😀".repeat(2048));
  });
});

describe("names", () => {
  test("of 200 characters of another script fit four at once into one key", async () => {
    const name = (letter: string) => letter.repeat(200);
    const [pipeline_name, run_id, stage, part] = ["管", "運", "段", "𠮷"].map(name) as [string, string, string, string];
    const report = { kind: "records", pipeline_name, run_id, stage, part, count: 3 };
    const check = { kind: "quality", pipeline_name, run_id, check_name: name("検"), score: 1 };
    const answer = await agent.post("/v1/reports", [report, check, report]);
    expect(answer.body).toEqual({ accepted: 3, duplicates: 0, rejected: [], errors: [] });
    const path = `/v1/runs/${encodeURIComponent(pipeline_name)}/${encodeURIComponent(run_id)}`;
    expect((await agent.get(path)).body).toMatchObject({ pipeline_name, run_id, stages: [{ stage, count: 6 }] });
    expect((await agent.get(`/v1/sla/${encodeURIComponent(pipeline_name)}`)).body).toMatchObject({ total: 1 });
  });

  test.each([
    "a/b",
    "a/../b",
    "...",
    "a b",
    "%2F",
    "a?b#c",
    "ümläut",
    "\u00e9",
    "😀",
    '"',
    "\\",
    "'",
    "{}",
    "NULL",
    "a,b",
  ])("%j works in bodies, paths and queries", async (pipeline_name) => {
    const sent = await agent.post("/v1/quality", { ...quality, pipeline_name, run_id: "a/b" });
    expect(sent.status).toBe(200);
    const encoded = encodeURIComponent(pipeline_name);
    expect((await agent.get(`/v1/pipelines/${encoded}`)).body).toMatchObject({ pipeline_name });
    expect((await agent.get(`/v1/sla/${encoded}`)).body).toMatchObject({ pipeline_name, total: 1 });
    expect((await agent.get(`/v1/runs/${encoded}/a%2Fb`)).body).toMatchObject({ pipeline_name, run_id: "a/b" });
    expect((await agent.get(`/v1/quality?pipeline_name=${encoded}`)).body).toMatchObject({
      items: [{ pipeline_name }],
    });
  });
});
