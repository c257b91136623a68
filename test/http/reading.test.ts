import { beforeAll, describe, expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { expectInvalid, expectProblem } from "./problems.ts";

const agent = await testAgentOf(await testServer(), {
  sla: { target: 99, targets: [{ pipeline_name: "orders*", kind: "quality", target: 50 }] },
});

const DAY = 86_400_000;
/** Midnight, three days ago. */
const START = (Math.floor(Date.now() / DAY) - 3) * DAY;
const time = (ms: number) => new Date(START + ms).toISOString().replace(".000Z", "Z");
const hours = (n: number) => time(n * 3_600_000);
const day = (n: number) => time(n * DAY).slice(0, 10);

interface List {
  items: Record<string, unknown>[];
  next_cursor: string | null;
}

const list = async (path: string) => {
  const answer = await agent.get(path);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as List;
};

/** All pages of a list, as they are read by following the cursors. */
async function pages(path: string): Promise<List["items"][]> {
  const found: List["items"][] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const join: string = path.includes("?") ? "&" : "?";
    const page: List = await list(`${path}${cursor === "" ? "" : `${join}cursor=${cursor}`}`);
    found.push(page.items);
    cursor = page.next_cursor;
  }
  return found;
}

const check = (run_id: string, check_name: string, score: number | null, at: string, more: object = {}) => ({
  kind: "quality",
  pipeline_name: "orders",
  run_id,
  at,
  check_name,
  score,
  ...more,
});

beforeAll(async () => {
  const answer = await agent.post("/v1/reports", [
    { kind: "run", pipeline_name: "orders", run_id: "r1", status: "started", at: hours(1) },
    { kind: "run", pipeline_name: "orders", run_id: "r1", status: "success", at: hours(2) },
    {
      kind: "run",
      pipeline_name: "orders",
      run_id: "r2",
      status: "failed",
      started_at: hours(25),
      duration_seconds: 1.5,
      error: "out of memory",
      data_interval_start: hours(24),
      data_interval_end: hours(26),
      at: hours(26),
    },
    { kind: "run", pipeline_name: "orders", run_id: "r3", status: "started", attempt: 2, at: hours(50) },
    { kind: "run", pipeline_name: "orders.eu/west", run_id: "manual__2026-11-20T00:00:00+00:00", status: "skipped" },
    { kind: "records", pipeline_name: "orders", run_id: "r1", stage: "load", count: 47_500, at: hours(2) },
    { kind: "freshness", pipeline_name: "orders", data_through: hours(30), at: hours(30) },
    check("r1", "null_rate", 0.9, hours(2)),
    check("r1", "schema", 0.25, hours(2), { severity: "warn" }),
    check("r2", "null_rate", 1, hours(26), { threshold: 0.95 }),
    check("r2", "schema", null, hours(26), { error: "no such column" }),
    { kind: "quality", pipeline_name: 'quote"d, =one', check_name: '=1+1,"x"', score: 1, at: hours(3) },
    { kind: "latency", pipeline_name: "zero", seconds: 0.1 },
  ]);
  expect(answer.body).toEqual({ accepted: 13, duplicates: 0, rejected: [], errors: [] });
});

const R1 = {
  pipeline_name: "orders",
  run_id: "r1",
  status: "success",
  attempt: 1,
  started_at: hours(1),
  finished_at: hours(2),
  duration_seconds: 3600,
  error: null,
  data_interval_start: null,
  data_interval_end: null,
  traceparent: null,
};
const R2 = {
  ...R1,
  run_id: "r2",
  status: "failed",
  started_at: hours(25),
  finished_at: hours(26),
  duration_seconds: 1.5,
  error: "out of memory",
  data_interval_start: hours(24),
  data_interval_end: hours(26),
};
const R3 = { ...R1, run_id: "r3", status: "started", attempt: 2, started_at: hours(50), finished_at: null };
const RUNS = [{ ...R3, duration_seconds: null }, R2, R1];

describe("GET /v1/runs", () => {
  test("lists the runs of a pipeline, latest first", async () => {
    expect(await list("/v1/runs?pipeline_name=orders")).toEqual({ items: RUNS, next_cursor: null });
  });

  test("filters by status and time", async () => {
    expect((await list("/v1/runs?pipeline_name=orders&status=failed")).items).toEqual([R2]);
    expect((await list(`/v1/runs?pipeline_name=orders&since=${hours(26)}`)).items).toEqual(RUNS.slice(0, 2));
    expect((await list(`/v1/runs?since=${hours(51)}`)).items).toMatchObject([{ pipeline_name: "orders.eu/west" }]);
    expect((await list("/v1/runs?pipeline_name=never")).items).toEqual([]);
  });

  test("reads the time of a query in every form that a report may have", async () => {
    const unix = (START + 26 * 3_600_000) / 1000;
    const spaced = hours(26).replace("T", " ").replace("Z", "");
    const forms = [`${unix}`, `${unix}.0`, hours(26), hours(26).replace("Z", "+00:00"), spaced, `${spaced} +00:00`];
    for (const form of forms) {
      const [encoded, typed] = [encodeURIComponent(form), form.replaceAll(" ", "+")];
      expect((await list(`/v1/runs?pipeline_name=orders&since=${encoded}`)).items, form).toHaveLength(2);
      if (!form.includes(" +")) {
        expect((await list(`/v1/runs?pipeline_name=orders&since=${typed}`)).items, form).toHaveLength(2);
      }
    }
    const both = hours(26).replace("T", "+").replace("Z", "+00:00");
    expect((await list(`/v1/runs?pipeline_name=orders&since=${both}`)).items).toHaveLength(2);
  });

  test("goes on where the cursor says, each run once", async () => {
    const read = await pages("/v1/runs?limit=1");
    expect(read.map((page) => page.length)).toEqual([1, 1, 1, 1, 1]);
    expect(read.flat().filter((run) => run.pipeline_name === "orders")).toEqual(RUNS);
  });

  test("shows one run with all that was reported in it", async () => {
    const { body } = await agent.get("/v1/runs/orders/r1");
    expect(body).toEqual({
      ...R1,
      attempts: [
        {
          attempt: 1,
          status: "success",
          started_at: hours(1),
          finished_at: hours(2),
          duration_seconds: 3600,
          error: null,
        },
      ],
      stages: [{ stage: "load", count: 47_500, failed: null, expected_min: null }],
      checks: [
        {
          check_name: "null_rate",
          score: 0.9,
          threshold: 0.8,
          passed: true,
          severity: "error",
          error: null,
          checked_at: hours(2),
        },
        {
          check_name: "schema",
          score: 0.25,
          threshold: 0.8,
          passed: false,
          severity: "warn",
          error: null,
          checked_at: hours(2),
        },
      ],
      rejected: [],
    });
    expect((await agent.get("/v1/runs/orders/r2")).body).toMatchObject({
      checks: [
        { check_name: "null_rate", passed: true },
        { check_name: "schema", score: null, passed: null, error: "no such column" },
      ],
    });
  });

  test("takes names URL-encoded, with their slashes, plus signs and colons", async () => {
    const path = `/v1/runs/${encodeURIComponent("orders.eu/west")}/manual__2026-11-20T00%3A00%3A00%2B00%3A00`;
    expect((await agent.get(path)).body).toMatchObject({ pipeline_name: "orders.eu/west", status: "skipped" });
    const plain = "/v1/runs/orders.eu%2Fwest/manual__2026-11-20T00:00:00+00:00";
    expect((await agent.get(plain)).body).toMatchObject({ pipeline_name: "orders.eu/west" });
  });

  test("says what there is nothing of", async () => {
    const answer = await agent.get("/v1/runs/orders/r9");
    expectProblem(answer, "not_found", 'run_id: nothing was reported of run "r9" of "orders"');
  });
});

describe("GET /v1/pipelines", () => {
  const NAMES = ["orders", "orders.eu/west", 'quote"d, =one', "zero"];

  test("lists the pipelines by name, page by page", async () => {
    const { items, next_cursor } = await list("/v1/pipelines");
    expect(next_cursor).toBeNull();
    expect(items.map((item) => item.pipeline_name)).toEqual(NAMES);
    expect(items[0]).toEqual({
      pipeline_name: "orders",
      born_at: expect.stringMatching(/Z$/),
      last_success_at: hours(2),
      last_failure_at: hours(26),
      last_run: {
        pipeline_name: "orders",
        run_id: "r3",
        status: "started",
        attempt: 2,
        started_at: hours(50),
        finished_at: null,
        duration_seconds: null,
      },
    });
    expect(items[3]).toMatchObject({ last_run: null, last_success_at: null });
    const read = await pages("/v1/pipelines?limit=3");
    expect(read.map((page) => page.map((item) => item.pipeline_name))).toEqual([NAMES.slice(0, 3), NAMES.slice(3)]);
  });

  test("shows one pipeline with its last run, its datasets and its SLA", async () => {
    const { body } = await agent.get("/v1/pipelines/orders");
    expect(body).toMatchObject({
      pipeline_name: "orders",
      last_run: { run_id: "r3", stages: [], checks: [], attempts: [{ status: "started" }] },
      datasets: [{ dataset: "orders", data_through: hours(30) }],
      sla: { kind: "quality", total: 3, passed: 2, rate: 66.666, state: "ok", target: 50 },
    });
    const missing = await agent.get("/v1/pipelines/never");
    expectProblem(missing, "not_found", 'pipeline_name: nothing was ever reported of "never"');
  });
});

describe("GET /v1/sla", () => {
  const WINDOW = `since=${hours(0)}&until=${hours(72)}`;
  const count = (total: number, passed: number, rate: number | null, state: string) => ({
    total,
    passed,
    excluded: 0,
    rate,
    state,
  });
  const head = { pipeline_name: "orders", kind: "quality", from: hours(0), to: hours(72) };
  const ORDERS = { ...head, ...count(3, 2, 66.666, "ok"), target: 50, error_budget: { total: 1.5, remaining: 0.5 } };

  test("answers the rate of a pipeline with its checks", async () => {
    expect((await agent.get(`/v1/sla/orders?${WINDOW}`)).body).toEqual({
      ...ORDERS,
      checks: [
        { check_name: "null_rate", ...count(2, 2, 100, "ok") },
        { check_name: "schema", ...count(1, 0, 0, "breaching") },
      ],
    });
  });

  test("groups by day, and leaves days without results out", async () => {
    expect((await agent.get(`/v1/sla/orders?${WINDOW}&group_by=day`)).body).toMatchObject({
      days: [
        { day: day(0), ...count(2, 1, 50, "ok") },
        { day: day(1), ...count(1, 1, 100, "ok") },
      ],
    });
  });

  test("narrows down to a check, a kind and a window that starts within an hour", async () => {
    expect((await agent.get(`/v1/sla/orders?${WINDOW}&check_name=schema`)).body).toMatchObject(
      count(1, 0, 0, "breaching"),
    );
    expect((await agent.get(`/v1/sla/orders?${WINDOW}&kind=drift`)).body).toMatchObject(count(0, 0, null, "no_data"));
    const late = `since=${time(2 * 3_600_000 + 1)}&until=${hours(72)}`;
    expect((await agent.get(`/v1/sla/orders?${late}`)).body).toMatchObject(count(1, 1, 100, "ok"));
    const end = `since=${hours(2)}&until=${time(2 * 3_600_000 + 1)}`;
    expect((await agent.get(`/v1/sla/orders?${end}`)).body).toMatchObject(count(2, 1, 50, "ok"));
    expect((await agent.get("/v1/sla/orders?days=1")).body).toMatchObject({ state: "no_data", rate: null });
    const before = (await agent.get(`/v1/sla/orders?days=2&until=${hours(27)}`)).body;
    expect(before).toMatchObject({ from: hours(27 - 48), to: hours(27), total: 3 });
  });

  test("answers all pipelines, also those without results, page by page", async () => {
    const { items } = await list(`/v1/sla?${WINDOW}`);
    expect(items[0]).toEqual(ORDERS);
    expect(items.slice(1)).toEqual([
      expect.objectContaining({ pipeline_name: "orders.eu/west", ...count(0, 0, null, "no_data"), target: 50 }),
      expect.objectContaining({ pipeline_name: 'quote"d, =one', ...count(1, 1, 100, "ok"), target: 99 }),
      expect.objectContaining({ pipeline_name: "zero", ...count(0, 0, null, "no_data"), target: 99 }),
    ]);
    expect((await pages(`/v1/sla?${WINDOW}&limit=3`)).map((page) => page.length)).toEqual([3, 1]);
  });

  test("answers CSV to who accepts it", async () => {
    const csv = (path: string) => agent.get(path, { accept: "text/csv" });
    const all = await csv(`/v1/sla?${WINDOW}&limit=3`);
    expect(all.headers["content-type"]).toBe("text/csv; charset=utf-8; header=present");
    expect(all.text).toBe(
      [
        "pipeline_name,kind,from,to,total,passed,excluded,rate,state,target",
        `orders,quality,${hours(0)},${hours(72)},3,2,0,66.666,ok,50`,
        `orders.eu/west,quality,${hours(0)},${hours(72)},0,0,0,,no_data,50`,
        `"quote""d, =one",quality,${hours(0)},${hours(72)},1,1,0,100,ok,99`,
        "",
      ].join("\r\n"),
    );
    const rest = await csv(`/v1/sla?${WINDOW}&limit=3&cursor=${all.headers["x-next-cursor"]}`);
    expect(rest.text.split("\r\n")[1]).toMatch(/^zero,/);
    expect(rest.headers["x-next-cursor"]).toBeUndefined();
    expect((await csv(`/v1/sla/orders?${WINDOW}`)).text).toBe(
      ["check_name,total,passed,excluded,rate,state", "null_rate,2,2,0,100,ok", "schema,1,0,0,0,breaching", ""].join(
        "\r\n",
      ),
    );
    expect((await csv(`/v1/sla/orders?${WINDOW}&group_by=day`)).text).toBe(
      ["day,total,passed,excluded,rate,state", `${day(0)},2,1,0,50,ok`, `${day(1)},1,1,0,100,ok`, ""].join("\r\n"),
    );
  });

  test("refuses windows that contradict themselves", async () => {
    const backwards = await agent.get(`/v1/sla?since=${hours(2)}&until=${hours(1)}`);
    expectProblem(backwards, "invalid_query", `since: ${hours(2)} given; must be before until (${hours(1)})`);
    const both = await agent.get(`/v1/sla?since=${hours(2)}&days=3`);
    expectProblem(both, "invalid_query", "days: given together with since; say one of them");
    expectProblem(await agent.get("/v1/sla/never"), "not_found", 'pipeline_name: nothing was ever reported of "never"');
  });
});

describe("GET /v1/quality", () => {
  const row = (run_id: string, check_name: string, score: number, at: string, more: object = {}) => ({
    pipeline_name: "orders",
    check_name,
    score,
    threshold: 0.8,
    passed: score >= 0.8,
    severity: "error",
    run_id,
    attempt: 1,
    excluded: false,
    checked_at: at,
    recorded_at: expect.stringMatching(/^\d{4}-.*Z$/),
    ...more,
  });
  const ROWS = [
    row("r2", "null_rate", 1, hours(26), { threshold: 0.95 }),
    row("r1", "schema", 0.25, hours(2), { severity: "warn" }),
    row("r1", "null_rate", 0.9, hours(2)),
  ];

  test("lists the rows of data_quality_sla, newest first, filtered and page by page", async () => {
    expect(await list("/v1/quality?pipeline_name=orders")).toEqual({ items: ROWS, next_cursor: null });
    expect((await list("/v1/quality?pipeline_name=orders&check_name=schema")).items).toEqual([ROWS[1]]);
    expect((await list(`/v1/quality?pipeline_name=orders&since=${hours(3)}`)).items).toEqual([ROWS[0]]);
    expect((await list(`/v1/quality?pipeline_name=orders&until=${hours(26)}`)).items).toEqual(ROWS.slice(1));
    expect((await pages("/v1/quality?pipeline_name=orders&limit=1")).flat()).toEqual(ROWS);
  });

  test("answers CSV in which no text is a formula to a spreadsheet", async () => {
    const answer = await agent.get(`/v1/quality?since=${hours(0)}&limit=2`, { accept: "text/csv" });
    const [header, first, second] = answer.text.split("\r\n");
    expect(header).toBe(
      "pipeline_name,check_name,score,threshold,passed,checked_at,recorded_at,run_id,attempt,severity,excluded",
    );
    expect(first).toMatch(new RegExp(`^orders,null_rate,1,0.95,true,${hours(26)},[^,]+Z,r2,1,error,false$`));
    expect(second).toMatch(
      new RegExp(`^"quote""d, =one","'=1\\+1,""x""",1,0.8,true,${hours(3)},[^,]+,auto-[^,]+,1,error,false$`),
    );
    const next = await agent.get(`/v1/quality?limit=2&cursor=${answer.headers["x-next-cursor"]}`, {
      accept: "text/csv",
    });
    expect(next.text.trim().split("\r\n")).toHaveLength(3);
  });
});

describe("a query", () => {
  test.each([
    ["/v1/runs?limit=0", { limit: "0 given; must be a whole number from 1 to 1000" }],
    ["/v1/runs?limit=1001", { limit: "1001 given; must be a whole number from 1 to 1000" }],
    ["/v1/runs?limit=ten", { limit: '"ten" given; must be a whole number from 1 to 1000' }],
    ["/v1/runs?limit=1.5", { limit: '"1.5" given; must be a whole number from 1 to 1000' }],
    ["/v1/runs?limit=1&limit=2", { limit: "an array given; must be a whole number from 1 to 1000" }],
    ["/v1/runs?limit=", { limit: '"" given; must be a whole number from 1 to 1000' }],
    [
      "/v1/runs?status=done",
      { status: '"done" given; must be one of started, success, failed, skipped, cancelled, retrying, unknown' },
    ],
    [
      "/v1/runs?pipeline=orders",
      { pipeline: 'unknown field "pipeline"; the fields are pipeline_name, status, since, limit, cursor' },
    ],
    [
      "/v1/runs?__proto__=1",
      { ["__proto__"]: 'unknown field "__proto__"; the fields are pipeline_name, status, since, limit, cursor' },
    ],
    [
      "/v1/pipelines?pipeline_name=orders",
      { pipeline_name: 'unknown field "pipeline_name"; the fields are limit, cursor' },
    ],
    ["/v1/sla?days=0", { days: "0 given; must be a whole number of days from 1 to 3660; default 30" }],
    [
      "/v1/sla?kind=cost",
      { kind: '"cost" given; must be one of quality, run, drift, freshness, volume, latency; default quality' },
    ],
    ["/v1/sla/orders?group_by=week", { group_by: '"week" given; must be day' }],
    [
      "/v1/quality?check_name=%01",
      {
        check_name:
          "\"\\u0001\" given; must be a name of 1 to 200 characters without invisible ones and outer blanks, not '.' or '..'",
      },
    ],
  ])("%s is refused with the parameter, what was given and what is allowed", async (path, wrong) => {
    expectInvalid(await agent.get(path), wrong as unknown as Record<string, string>, "invalid_query");
  });

  test.each(["", "yesterday", "2026-02-30T00:00:00Z", "275760-09-13T00:00:00Z", "1e3", "99999999999999"])(
    "since=%s is no time",
    async (since) => {
      for (const path of ["/v1/runs", "/v1/quality", "/v1/sla"]) {
        const answer = await agent.get(`${path}?since=${since}`);
        const shown = JSON.stringify(since);
        const wanted = "must be an RFC 3339 time such as 2026-11-20T02:00:00Z or Unix seconds";
        expectProblem(answer, "invalid_query", `since: ${shown} given; ${wanted}`);
      }
    },
  );

  test("with a cursor that no answer gave is refused", async () => {
    const { next_cursor } = await list("/v1/runs?limit=1");
    const mine = (values: unknown) => Buffer.from(JSON.stringify(values)).toString("base64url");
    const wrong = [
      "",
      "x",
      "!!",
      "W10",
      `${next_cursor}AAAA`,
      mine([1, 2, 3]),
      mine(["1", 2]),
      mine([1.5, 1]),
      mine({}),
    ];
    const outside = [
      mine([1e308, 1]),
      mine([1, 1.5]),
      mine([1, -1]),
      mine([-1e15, 1]),
      mine([1, 1e300]),
      mine([null, 1]),
    ];
    for (const cursor of [...wrong, ...outside]) {
      for (const path of ["/v1/runs", "/v1/quality"]) {
        const answer = await agent.get(`${path}?cursor=${encodeURIComponent(cursor)}`);
        const detail = "cursor: must be the next_cursor of an earlier answer, unchanged";
        expectProblem(answer, "invalid_cursor", detail);
      }
    }
    for (const cursor of ["x", mine([1]), mine(["a", "b"]), mine(["\u0000"]), next_cursor]) {
      expect((await agent.get(`/v1/pipelines?cursor=${cursor}`)).status, String(cursor)).toBe(400);
    }
  });
});

describe("a path", () => {
  const NAME = "must be a name of 1 to 200 characters without invisible ones and outer blanks, not '.' or '..'";

  test.each([
    ["/v1/pipelines/%00", { pipeline_name: `"\\u0000" given; ${NAME}` }],
    ["/v1/pipelines/..", { pipeline_name: `".." given; ${NAME}` }],
    ["/v1/sla/%2e%2e", { pipeline_name: `".." given; ${NAME}` }],
    [`/v1/sla/${"x".repeat(201)}`, { pipeline_name: `"${"x".repeat(80)}…" (201 characters) given; ${NAME}` }],
    [
      "/v1/runs/orders/a%20b",
      {
        run_id:
          "\"a b\" given; must be a run_id of 1 to 200 characters without whitespace or invisible ones, not '.' or '..'",
      },
    ],
  ])("%s is refused, since nothing can have that name", async (path, wrong) => {
    expectInvalid(await agent.get(path), wrong as unknown as Record<string, string>, "bad_request");
  });

  test.each(["/v1/pipelines/%zz", "/v1/pipelines/%", "/%c0%af", "/v1/pipelines/%ff"])(
    "%s is no percent-encoding",
    async (path) => {
      expectProblem(await agent.get(path), "bad_request", "the path is not valid percent-encoding");
    },
  );

  test("is decoded once", async () => {
    await agent.post("/v1/latency", { pipeline_name: "100%2Fa", seconds: 1 });
    expect((await agent.get("/v1/pipelines/100%252Fa")).body).toMatchObject({ pipeline_name: "100%2Fa" });
    expect((await agent.get("/v1/pipelines/100%2Fa")).status).toBe(404);
  });
});
