import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  apiKey,
  bearer,
  launchAgent,
  newDatabase,
  startAgent,
  type TestAgent,
  testAgentOf,
  testServer,
} from "../support/agent.ts";
import { expectProblem } from "./problems.ts";

const server = await testServer();
const LONG = { timeout: 600_000 };

const success = (pipeline_name: string, more: object = {}) => ({
  kind: "run",
  pipeline_name,
  run_id: "1",
  status: "success",
  ...more,
});
const named = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}_${i}`);

async function series(agent: TestAgent, family: string): Promise<string[]> {
  const { text } = await agent.get("/metrics");
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${family}{`))
    .map((line) => line.replace(/ +(\S+)$/, " $1"));
}

describe("new pipelines", () => {
  test("past so many a minute the whole request is to come again, and then is taken in full", LONG, async () => {
    const agent = await testAgentOf(server, { limits: { new_pipelines_per_minute: 20 } });
    const take = async (names: string[]) => {
      const { body } = await agent.post(
        "/v1/reports",
        names.map((name) => success(name)),
      );
      expect(body).toMatchObject({ accepted: names.length });
    };
    await take(named("a", 19));
    // Two more than are left: nine seconds' worth is to be paid back.
    await take(named("b", 3));
    const mixed = [success("a_0", { id: "known" }), success("c", { id: "new" })];
    const refused = await agent.post("/v1/reports", mixed);
    expectProblem(refused, "too_many_new", /more than 20 new pipelines a minute; nothing of this request was kept/);
    const seconds = Number(refused.headers["retry-after"]);
    expect(seconds).toBeGreaterThanOrEqual(1);
    expectProblem(await agent.post("/v1/runs", { pipeline_name: "d", status: "success" }), "too_many_new", /20/);
    expectProblem(
      await agent.send({
        method: "PUT",
        path: "/v1/references/e/age",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ counts: [1, 2] }),
      }),
      "too_many_new",
      /20/,
    );
    // What is known is not slowed.
    expect((await agent.post("/v1/runs", { pipeline_name: "a_1", status: "success" })).status).toBe(200);
    let again = refused;
    for (let tries = 0; tries < 20 && again.status === 429; tries++) {
      await sleep(seconds * 1000);
      again = await agent.post("/v1/reports", mixed);
    }
    expect(again.body).toEqual({ accepted: 2, duplicates: 0, rejected: [], errors: [] });
  });

  test("a request with more than a minute's is to be sent in parts", LONG, async () => {
    const agent = await testAgentOf(server, { limits: { new_pipelines_per_minute: 10 } });
    const answer = await agent.post(
      "/v1/reports",
      named("a", 11).map((name) => success(name)),
    );
    expectProblem(answer, "body_too_large", /11 new pipelines in one request, and 10 a minute may come/);
    expect((await agent.get("/v1/pipelines")).body).toMatchObject({ items: [] });
  });

  test("a key's total is final for those over it, also after a restart, and is no other key's", LONG, async () => {
    const one = apiKey("one", ["report", "operate"]);
    const other = apiKey("other", ["report"]);
    const options = { keys: [one.entry, other.entry], limits: { pipelines_per_key: 3 } };
    const url = await newDatabase(server);
    const before = await (await launchAgent(url, options)).ready;
    await before.post(
      "/v1/reports",
      named("a", 3).map((name) => success(name)),
      bearer(one.key),
    );
    await before.stop();
    const agent = await (await launchAgent(url, options)).ready;
    try {
      const batch = [success("a_0"), success("b"), success("a_1")];
      expect((await agent.post("/v1/reports", batch, bearer(one.key))).body).toEqual({
        accepted: 2,
        duplicates: 0,
        rejected: [
          {
            index: 1,
            code: "too_many_names",
            detail:
              'pipeline_name: "b" given; this API key has reported of 3 pipelines, and at most that many may be: archive what is not needed, or raise the limit',
          },
        ],
        errors: [],
      });
      expect((await agent.post("/v1/reports", [success("b")], bearer(other.key))).body).toMatchObject({ accepted: 1 });
      const archived = await agent.send({ method: "DELETE", path: "/v1/pipelines/a_2", headers: bearer(one.key) });
      expect(archived.status).toBe(204);
      expect((await agent.post("/v1/reports", [success("c")], bearer(one.key))).body).toMatchObject({ accepted: 1 });
    } finally {
      await agent.stop();
    }
  });

  test("none is called _other", async () => {
    const agent = await testAgentOf(server);
    const answer = await agent.post("/v1/runs", { pipeline_name: "_other", status: "failed" });
    expectProblem(answer, "invalid_report", /^pipeline_name: "_other" given/, [
      { path: "pipeline_name", message: expect.stringContaining("found no room") as unknown as string },
    ]);
  });
});

test("past the names that a pipeline may have its reports of more are refused, and no others", async () => {
  const most = { stages: 1, checks: 1, features: 1, operations: 1, datasets: 1 };
  const limits = Object.fromEntries(Object.entries(most).map(([what, n]) => [`${what}_per_pipeline`, n]));
  const agent = await testAgentOf(server, { limits });
  const of = (kind: string, fields: (name: string) => object) => [
    { kind, pipeline_name: "p", run_id: "1", ...fields("known") },
    { kind, pipeline_name: "p", run_id: "1", ...fields("new") },
    { kind, pipeline_name: "p", run_id: "2", ...fields("known") },
  ];
  const batches = {
    stage: of("records", (stage) => ({ stage, count: 1 })),
    check_name: of("quality", (check_name) => ({ check_name, score: 1 })),
    feature_name: of("drift", (name) => ({ features: { [name]: { counts: [1, 2] } } })),
    operation: of("latency", (operation) => ({ operation, seconds: 1 })),
    dataset: of("freshness", (dataset) => ({ dataset, data_through: new Date().toISOString() })),
  };
  for (const [field, batch] of Object.entries(batches)) {
    const { body } = await agent.post("/v1/reports", batch);
    expect(body, field).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: "too_many_names" }] });
    expect((body as { rejected: { detail: string }[] }).rejected[0]!.detail).toMatch(
      new RegExp(`^${field}: "new" given; "p" has 1`),
    );
  }
});

describe("after a flood of names", () => {
  test(
    "failures are still seen as failures, the flood is archived by glob, and honest pipelines have series again",
    LONG,
    async () => {
      const flooder = apiKey("flooder", ["report"]);
      const honest = apiKey("honest", ["report"]);
      const operator = apiKey("operator", ["operate"]);
      const team = apiKey("team", ["operate"], ["flood_1*"]);
      const agent = await startAgent(server, {
        keys: [flooder, honest, operator, team].map(({ entry }) => entry),
        limits: { new_pipelines_per_minute: 1000 },
        metrics: { series_cap: 2000 },
      });
      try {
        const flood = named(`flood`, 150).map((name) => success(name));
        await agent.post("/v1/reports", flood, bearer(flooder.key));
        const quality = { kind: "quality", pipeline_name: "orders", run_id: "1", check_name: "null_rate", score: 0.5 };
        await agent.post("/v1/reports", [success("orders", { status: "failed" }), quality], bearer(honest.key));
        const other = await series(agent, "pipeline_runs_total");
        expect(other).toContain('pipeline_runs_total{pipeline_name="_other",status="failed"} 1');
        expect(other.find((line) => line.includes('"orders"'))).toBeUndefined();

        const archive = (query: string, { key } = operator) =>
          agent.send({ method: "DELETE", path: `/v1/pipelines?${query}`, headers: bearer(key) });
        const tried = await archive("pipeline_name=flood_*&dry_run=true");
        expect(tried.body).toMatchObject({ dry_run: true, matched: 150, archived: 0 });
        expect((tried.body as { pipeline_names: string[] }).pipeline_names).toContain("flood_7");
        // A key for some pipelines archives those.
        expect((await archive("pipeline_name=*", team)).body).toMatchObject({ matched: 61, archived: 61 });
        const { body } = await archive("pipeline_name=flood_*");
        expect(body).toMatchObject({ dry_run: false, matched: 89, archived: 89 });
        expectProblem(await archive("pipeline_name=flood_*", flooder), "forbidden", /operate is needed/);
        expect((await archive("")).body).toMatchObject({ code: "invalid_query" });

        await expect
          .poll(() => series(agent, "pipeline_runs_total"), LONG)
          .toContain('pipeline_runs_total{pipeline_name="orders",status="failed"} 1');
        const after = await agent.get("/metrics");
        expect(after.text).not.toContain('"_other"');
        expect(after.text).not.toContain('"flood_');
        expect(await series(agent, "data_quality_score")).toEqual([
          'data_quality_score{pipeline_name="orders",check_name="null_rate"} 0.5',
        ]);
        await agent.post("/v1/reports", [success("shipments")], bearer(honest.key));
        expect(await series(agent, "gate_allowed")).toEqual(
          expect.arrayContaining([
            'gate_allowed{pipeline_name="shipments"} 0',
            'gate_allowed{pipeline_name="orders"} 0',
          ]),
        );
        // What was archived comes back with its next report, and counts as new.
        await agent.post("/v1/reports", [success("flood_3", { run_id: "2" })], bearer(flooder.key));
        expect(await series(agent, "pipeline_runs_total")).toContain(
          'pipeline_runs_total{pipeline_name="flood_3",status="success"} 2',
        );
      } finally {
        await agent.stop();
      }
    },
  );
});
