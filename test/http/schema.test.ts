import { describe, expect, test } from "vitest";
import { type Answer, apiKey, bearer, testAgentOf, testServer } from "../support/agent.ts";

const server = await testServer();
const keys = {
  report: apiKey("report", ["report"], ["mine*"]),
  operate: apiKey("operate", ["operate", "read"], ["mine*"]),
};
const agent = await testAgentOf(server);
const keyed = await testAgentOf(server, { keys: [keys.report.entry, keys.operate.entry] });

function expectRefused(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body: { code } });
}

const column = (name: string, type = "int64") => ({ name, type });

describe("POST /v1/schema", () => {
  test.each([
    ["no columns", {}, "columns: missing; must be an array of at most 10000 columns"],
    [
      "columns that are none",
      { columns: "a int" },
      'columns: "a int" given; must be an array of at most 10000 columns',
    ],
    ["a field that is not known", { columns: [], colour: 1 }, "colour: "],
    ["complete as a text", { columns: [], complete: "yes" }, 'complete: "yes" given; must be true or false'],
    ["no good column", { columns: [{ name: "a" }] }, "columns[0].type: missing; must be a type as the system calls it"],
    ["a column with a field that is not known", { columns: [{ ...column("a"), size: 1 }] }, "columns[0].size: "],
  ])("refuses %s, and says what is allowed", async (_what, body, detail) => {
    const answer = await agent.post("/v1/schema", { pipeline_name: "bad", ...body });
    expectRefused(answer, 422, "invalid_report");
    expect((answer.body as { detail: string }).detail).toContain(detail);
  });

  test("takes 10 000 columns, and one more not", async () => {
    const columns = Array.from({ length: 10_000 }, (_, i) => column(`c${i}`));
    const body = { pipeline_name: "wide", run_id: "r", complete: true };
    const answer = await agent.post("/v1/schema", { ...body, columns });
    expect(answer.status, answer.text).toBe(200);
    expectRefused(
      await agent.post("/v1/schema", { ...body, columns: [...columns, column("more")] }),
      422,
      "invalid_report",
    );
  });

  test("takes any text as the name of a column, and tells long ones apart", async () => {
    const long = "x".repeat(400);
    const names = ["", " price", "東京/€", "a\u0000b", "tab\tbed", `${long}1`, `${long}2`, "\u0065\u0301"];
    const body = { pipeline_name: "names", columns: names.map((name) => column(name)) };
    expect((await agent.post("/v1/schema", body)).body).toEqual({ duplicate: false });
    const { items } = (await agent.get("/v1/schema/names")).body as {
      items: { latest: { columns: { name: string }[] } }[];
    };
    const stored = items[0]!.latest.columns.map(({ name }) => name);
    expect(stored.slice(0, 5)).toEqual(["", " price", "東京/€", "a\ufffdb", "tab bed"]);
    expect(stored[5]).toMatch(/^x{191}~[0-9a-f]{8}$/);
    expect(stored[6]).not.toBe(stored[5]);
    expect(stored[7]).toBe("é");
  });

  test("changes nothing when it is sent again, and goes in batches, whose bad columns are told by their place", async () => {
    const report = { pipeline_name: "again", run_id: "r", id: "s1", columns: [column("a"), { name: "b" }] };
    const errors = [{ item: "again/b", code: "invalid_report", detail: expect.stringContaining("columns[1].type") }];
    expect((await agent.post("/v1/schema", report)).body).toEqual({ duplicate: false, errors });
    expect((await agent.post("/v1/schema", report)).body).toEqual({ duplicate: true, errors });
    const other = await agent.post("/v1/schema", { ...report, columns: [column("c")] });
    expectRefused(other, 409, "report_conflict");
    const batch = await agent.post("/v1/reports", [
      { kind: "records", pipeline_name: "again", stage: "load", count: 1 },
      { kind: "schema", ...report, id: "s2" },
      { kind: "schema", pipeline_name: "again", columns: 7 },
    ]);
    expect(batch.body).toMatchObject({
      accepted: 2,
      duplicates: 0,
      rejected: [{ index: 2, code: "invalid_report" }],
      errors: [{ index: 1, item: "again/b" }],
    });
  });
});

describe("the routes of a pipeline's schemas", () => {
  test("ask for their roles and stay inside the key's pipelines", async () => {
    const report = (pipeline_name: string) =>
      keyed.post("/v1/schema", { pipeline_name, run_id: "r", columns: [column("a")] }, bearer(keys.report.key));
    expect((await report("mine_1")).status).toBe(200);
    expectRefused(await report("other"), 403, "forbidden");
    const accept = (pipeline_name: string, key: string) =>
      keyed.post(`/v1/schema/${pipeline_name}/accept`, { run_id: "r", actor: "a" }, bearer(key));
    expectRefused(await accept("mine_1", keys.report.key), 403, "forbidden");
    expectRefused(await accept("other", keys.operate.key), 403, "forbidden");
    expect((await accept("mine_1", keys.operate.key)).status).toBe(200);
    expect((await keyed.get("/v1/schema/mine_1", bearer(keys.report.key))).status).toBe(200);
    expectRefused(await keyed.get("/v1/schema/other", bearer(keys.operate.key)), 403, "forbidden");
  });

  test("name what is missing of an acceptance, and what is not there", async () => {
    expectRefused(await agent.post("/v1/schema/nobody/accept", {}), 422, "invalid_body");
    expectRefused(await agent.post("/v1/schema/nobody/accept", { run_id: "r", actor: "a" }), 404, "not_found");
    expect((await agent.get("/v1/schema/nobody")).body).toEqual({ items: [], next_cursor: null });
  });

  test("show what was declared before anything was reported", async () => {
    const declared = { columns: [column("a"), column("b", "text")], complete: true, actor: "anna", dataset: "raw" };
    const headers = { "content-type": "application/json" };
    const put = await agent.send({ method: "PUT", path: "/v1/schema/early", headers, body: JSON.stringify(declared) });
    expect(put.status, put.text).toBe(200);
    const { items } = (await agent.get("/v1/schema/early")).body as { items: object[] };
    expect(items).toEqual([put.body]);
    expect(put.body).toMatchObject({
      pipeline_name: "early",
      dataset: "raw",
      baseline: {
        source: "declared",
        actor: "anna",
        complete: true,
        columns: [{ name: "a", source: "declared" }, { name: "b" }],
      },
      latest: null,
      diff: null,
    });
  });
});
