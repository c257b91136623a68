import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { migrate, readMigrations } from "../../src/adapters/postgres/migrate.ts";
import { newDatabase, testAgentOf, testServer } from "../support/agent.ts";

/** `é` as one character, and as a letter with an accent of its own: they look the same. */
const ONE = "caf\u00e9";
const TWO = "cafe\u0301";

const server = await testServer();
const YAML = `
gate:
  policies:
    - {pipeline_name: "${TWO}_policy", requires: {checks: ["${TWO}"]}}
`;
const agent = await testAgentOf(server, { yaml: YAML });

const path = (text: string) => encodeURIComponent(text);

async function taken(route: string, body: object): Promise<void> {
  expect(await agent.post(route, body)).toMatchObject({ status: 200 });
}

describe("a name is one name, however its accents are written", () => {
  test("in reports, in paths and in questions", async () => {
    await taken("/v1/records", { pipeline_name: ONE, run_id: ONE, stage: ONE, count: 5 });
    await taken("/v1/records", { pipeline_name: TWO, run_id: TWO, stage: TWO, count: 7 });
    await taken("/v1/quality", { pipeline_name: TWO, run_id: ONE, checks: [{ check_name: TWO, score: 1 }] });
    await taken("/v1/runs", { pipeline_name: ONE, run_id: TWO, status: "success" });
    const { body } = await agent.get("/v1/pipelines");
    const names = (body as { items: { pipeline_name: string }[] }).items.map(({ pipeline_name }) => pipeline_name);
    expect(names).toEqual([ONE]);
    for (const name of [ONE, TWO]) {
      expect((await agent.get(`/v1/runs/${path(name)}/${path(name)}`)).body).toMatchObject({
        stages: [{ stage: ONE, count: 12 }],
        checks: [{ check_name: ONE }],
      });
      expect((await agent.get(`/v1/gates/${path(name)}?run_id=${path(name)}`)).body).toMatchObject({
        decision: "pass",
      });
    }
  });

  test("in policies", async () => {
    const run = { pipeline_name: `${ONE}_policy`, run_id: "r" };
    await taken("/v1/records", { ...run, stage: "load", count: 5 });
    await taken("/v1/runs", { ...run, status: "success" });
    const asked = () => agent.get(`/v1/gates/${path(run.pipeline_name)}`);
    expect((await asked()).body).toMatchObject({ decision: "pending", reasons: [{ subject: ONE }] });
    await taken("/v1/quality", { ...run, check_name: ONE, score: 1 });
    expect((await asked()).body).toMatchObject({ decision: "pass" });
  });

  test("in mutes, references and refused items", async () => {
    await taken("/v1/runs", { pipeline_name: ONE, run_id: "bad", status: "started" });
    expect(
      (await agent.post("/v1/quality", { pipeline_name: TWO, run_id: "bad", check_name: TWO, score: 7 })).status,
    ).toBe(422);
    await taken("/v1/runs", { pipeline_name: TWO, run_id: "bad", status: "success" });
    expect((await agent.get(`/v1/gates/${path(ONE)}`)).body).toMatchObject({
      reasons: expect.arrayContaining([expect.objectContaining({ code: "report_rejected", subject: ONE })]),
    });
    await taken("/v1/quality", { pipeline_name: ONE, run_id: "bad", check_name: ONE, score: 1 });
    expect((await agent.get(`/v1/gates/${path(TWO)}`)).body).toMatchObject({ decision: "pass" });
    const mute = { pipeline_name: TWO, reason: "known", actor: "anna", expires_in: "1h" };
    expect((await agent.post("/v1/mutes", mute)).body).toMatchObject({ pipeline_name: ONE });
  });
});

describe("what cannot be seen is no name", () => {
  test.each([
    ["a right-to-left override", "orders\u202efdp"],
    ["a zero-width space", "orders\u200b"],
    ["a blank that looks like none", "orders\u2800"],
    ["a soft hyphen", "or\u00adders"],
    ["a filler", "\u3164"],
    ["a blank at its end", "orders "],
    ["a blank at its beginning", " orders"],
    ["a no-break blank at its end", "orders\u00a0"],
  ])("%s is refused", async (_what, pipeline_name) => {
    for (const body of [{ pipeline_name }, { pipeline_name: "p", stage: pipeline_name }]) {
      const answer = await agent.post("/v1/records", { stage: "load", count: 1, ...body });
      expect(answer).toMatchObject({ status: 422, body: { code: "invalid_report" } });
    }
  });

  test.each(["заказы", "注文", "أوامر", "orders daily", "🚚 orders", "a/b.c:d"])(
    "%s is a name",
    async (pipeline_name) => {
      await taken("/v1/records", { pipeline_name, stage: "load", count: 1 });
    },
  );
});

test("an empty list says nothing, and is refused", async () => {
  for (const [route, body] of [
    ["/v1/quality", { checks: [] }],
    ["/v1/latency", { seconds: [] }],
    ["/v1/drift", { features: {} }],
  ] as const) {
    expect(await agent.post(route, { pipeline_name: "p", ...body })).toMatchObject({ status: 422 });
  }
});

test("names that version 0.1 stored in another spelling get this one, and those that would meet another stay apart", async () => {
  const client = new pg.Client({ connectionString: await newDatabase(server) });
  await client.connect();
  // The server of this file may be stopped before it.
  client.on("error", () => {});
  afterAll(() => client.end());
  const migrations = await readMigrations();
  await migrate(
    client,
    migrations.filter(({ number }) => number < 12),
  );
  const before = [ONE, TWO, "e\u0301t\u00e9", " padded ", "orders\u202e", "\u200b", "plain"];
  for (const name of before) await client.query("INSERT INTO pipeline (pipeline_name) VALUES ($1)", [name]);
  await client.query("INSERT INTO name (name) VALUES (''), ($1)", [TWO]);
  await migrate(client, migrations);
  const { rows } = await client.query<{ name: string }>(
    "SELECT pipeline_name AS name FROM pipeline ORDER BY pipeline_id",
  );
  expect(rows.map(({ name }) => name)).toEqual([
    ONE,
    expect.stringMatching(new RegExp(`^${ONE}~[0-9a-f]{8}$`)),
    "\u00e9t\u00e9",
    "padded",
    "orders",
    expect.stringMatching(/^~[0-9a-f]{8}$/),
    "plain",
  ]);
  const { rows: names } = await client.query("SELECT name FROM name ORDER BY name_id");
  expect(names).toEqual([{ name: "" }, { name: ONE }]);
});
