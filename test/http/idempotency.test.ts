import { describe, expect, test } from "vitest";
import { apiKey, bearer, type TestAgent, testAgentOf, testServer } from "../support/agent.ts";
import { expectProblem } from "./problems.ts";

const server = await testServer();
const agent = await testAgentOf(server);

const CONFLICT =
  "id: it was used before for a report with other content; send a new id with a new report, or the same content again";

let unique = 0;
/** A pipeline that no other test reports to. */
const pipeline = () => `p${++unique}`;

async function total(of: TestAgent, pipeline_name: string): Promise<unknown> {
  const rows = await of.query<{ n: number }>(
    "SELECT coalesce(sum(count), 0)::int AS n FROM records_report JOIN pipeline USING (pipeline_id) WHERE pipeline_name = $1",
    [pipeline_name],
  );
  return rows[0]?.n;
}

describe("the same id", () => {
  test("with the same content answers the first outcome again and changes nothing", async () => {
    const pipeline_name = pipeline();
    const start = { id: "run-1", pipeline_name, run_id: "r", status: "started", at: Date.now() / 1000 - 60 };
    const first = (await agent.post("/v1/runs", start)).body as { run: object };
    await agent.post("/v1/runs", { pipeline_name, run_id: "r", status: "success" });
    const again = await agent.post("/v1/runs", start);
    expect(again.body).toEqual({ duplicate: true, run: first.run });

    const count = { id: "count-1", pipeline_name, stage: "load", count: 5 };
    expect((await agent.post("/v1/records", count)).body).toEqual({ duplicate: false });
    expect((await agent.post("/v1/records", count)).body).toEqual({ duplicate: true });
    expect(await total(agent, pipeline_name)).toBe(5);

    const check = { id: "check-1", pipeline_name, check_name: "c", score: 0.5 };
    const checks = [{ check_name: "c", score: 0.5, threshold: 0.8, passed: false }];
    expect((await agent.post("/v1/quality", check)).body).toEqual({ duplicate: false, checks });
    expect((await agent.post("/v1/quality", check)).body).toEqual({ duplicate: true, checks });
  });

  test("gives a run without a run_id the one that it was given at first", async () => {
    const start = { id: "nameless-1", pipeline_name: pipeline(), status: "started" };
    const first = (await agent.post("/v1/runs", start)).body as { run: object };
    expect((await agent.post("/v1/runs", start)).body).toEqual({ duplicate: true, run: first.run });
  });

  test("with the same content written otherwise is the same", async () => {
    const pipeline_name = pipeline();
    const sent = [
      `{"id": "w-1", "pipeline_name": "${pipeline_name}", "stage": "load", "count": 7}`,
      `{ "count" : 7.0e0, "stage":"lo\\u0061d",\n"pipeline_name": "${pipeline_name}", "id": "w-1" }`,
    ];
    const answers = [];
    for (const body of sent) answers.push((await agent.post("/v1/records", body)).body);
    expect(answers).toEqual([{ duplicate: false }, { duplicate: true }]);
    const item = { count: 7, kind: "records", stage: "load", pipeline_name, id: "w-1" };
    expect((await agent.post("/v1/reports", [item])).body).toEqual({
      accepted: 0,
      duplicates: 1,
      rejected: [],
      errors: [],
    });
    expect(await total(agent, pipeline_name)).toBe(7);
  });

  test("with other content is a conflict, and the first stays", async () => {
    const pipeline_name = pipeline();
    const count = { id: "other-1", pipeline_name, stage: "load", count: 5 };
    await agent.post("/v1/records", count);
    expectProblem(await agent.post("/v1/records", { ...count, count: 6 }), "report_conflict", CONFLICT);
    expectProblem(await agent.post("/v1/records", { ...count, attempt: 1 }), "report_conflict", CONFLICT);
    const run = { id: "other-1", pipeline_name, status: "success" };
    expectProblem(await agent.post("/v1/runs", run), "report_conflict", CONFLICT);
    expect(await total(agent, pipeline_name)).toBe(5);
  });

  test("in a batch is a duplicate or a conflict of that item alone", async () => {
    const pipeline_name = pipeline();
    const count = (id: string, n: number) => ({ kind: "records", id, pipeline_name, stage: "load", count: n });
    const { kind: _, ...single } = count("b-1", 1);
    await agent.post("/v1/records", single);
    const answer = await agent.post("/v1/reports", [
      count("b-1", 1),
      count("b-1", 2),
      count("b-2", 10),
      count("b-2", 10),
      count("b-2", 11),
      count("b-3", 100),
    ]);
    expect(answer.body).toEqual({
      accepted: 2,
      duplicates: 2,
      rejected: [
        { index: 1, code: "report_conflict", detail: CONFLICT },
        { index: 4, code: "report_conflict", detail: CONFLICT },
      ],
      errors: [],
    });
    expectProblem(await agent.post("/v1/records", { ...single, id: "b-3" }), "report_conflict", CONFLICT);
    expect(await total(agent, pipeline_name)).toBe(111);
  });

  test("of a report that was refused is still free", async () => {
    const pipeline_name = pipeline();
    const bad = { id: "free-1", pipeline_name, stage: "load", count: -1 };
    expect((await agent.post("/v1/records", bad)).status).toBe(422);
    expect((await agent.post("/v1/records", { ...bad, count: 1 })).body).toEqual({ duplicate: false });
  });

  test("sent fifty times at once is accepted once", async () => {
    const pipeline_name = pipeline();
    const count = { id: "once", pipeline_name, stage: "load", count: 1 };
    const sent = Array.from({ length: 50 }, () => agent.post("/v1/records", count));
    const duplicates = (await Promise.all(sent)).map(({ body }) => (body as { duplicate: boolean }).duplicate);
    expect(duplicates.filter((duplicate) => !duplicate)).toHaveLength(1);
    expect(await total(agent, pipeline_name)).toBe(1);
  });

  test("under two API keys is two reports", async () => {
    const [one, other] = [apiKey("one", ["report"]), apiKey("other", ["report"])];
    const keyed = await testAgentOf(server, { keys: [one.entry, other.entry] });
    const count = { id: "shared", pipeline_name: "p", stage: "load", count: 1 };
    const send = (key: string, n = 1) => keyed.post("/v1/records", { ...count, count: n }, bearer(key));
    expect((await send(one.key)).body).toEqual({ duplicate: false });
    expect((await send(other.key, 2)).body).toEqual({ duplicate: false });
    expect((await send(one.key)).body).toEqual({ duplicate: true });
    expect((await send(other.key)).status).toBe(409);
    expect(await total(keyed, "p")).toBe(3);
    await keyed.stop();
  });
});

describe("an Idempotency-Key", () => {
  test("K never meets an id that is written as one of its items, K#0, in whatever order they come", async () => {
    for (const keyFirst of [true, false]) {
      const pipeline_name = pipeline();
      const key = `meets-${keyFirst}`;
      const item = { kind: "records", pipeline_name, stage: "load" };
      const byKey = () =>
        agent.post(
          "/v1/reports",
          [
            { ...item, count: 1 },
            { ...item, count: 2 },
          ],
          { "idempotency-key": key },
        );
      const byId = () => agent.post("/v1/records", { id: `${key}#0`, pipeline_name, stage: "load", count: 10 });
      const sends = keyFirst ? [byKey, byId] : [byId, byKey];
      for (const send of sends) expect((await send()).status).toBe(200);
      expect(await total(agent, pipeline_name)).toBe(13);
      for (const send of sends) await send();
      expect(await total(agent, pipeline_name)).toBe(13);
      expect((await byKey()).body).toMatchObject({ accepted: 0, duplicates: 2 });
      expect((await byId()).body).toEqual({ duplicate: true });
    }
  });

  const key = (value: string) => ({ "idempotency-key": value });

  test("is the id of a single report that has none", async () => {
    const pipeline_name = pipeline();
    const count = { pipeline_name, stage: "load", count: 3 };
    const send = (body: object, k: string) => agent.post("/v1/records", body, key(k));
    expect((await send(count, "K1")).body).toEqual({ duplicate: false });
    expect((await send(count, "K1")).body).toEqual({ duplicate: true });
    expectProblem(await send({ ...count, count: 4 }, "K1"), "report_conflict", CONFLICT);
    expect((await send({ ...count, id: "K1" }, "K2")).body).toEqual({ duplicate: true });
    expect((await send(count, "K2")).body).toEqual({ duplicate: false });
    expect(await total(agent, pipeline_name)).toBe(6);
  });

  test("of a batch numbers its items: the whole batch can be sent again", async () => {
    const pipeline_name = pipeline();
    const count = { kind: "records", pipeline_name, stage: "load", count: 1 };
    const items = [count, { ...count, id: "own" }, { kind: "magic" }, count];
    const send = (body: unknown) => agent.post("/v1/reports", body, key("B1"));
    expect((await send(items)).body).toMatchObject({ accepted: 3, duplicates: 0, rejected: [{ index: 2 }] });
    expect((await send(items)).body).toMatchObject({ accepted: 0, duplicates: 3, rejected: [{ index: 2 }] });
    expect((await send([{ ...count, count: 2 }])).body).toMatchObject({ rejected: [{ code: "report_conflict" }] });
    expect(await total(agent, pipeline_name)).toBe(3);
    const single = { pipeline_name, stage: "load", count: 1 };
    expect((await agent.post("/v1/records", single, key("B1#0"))).body).toEqual({ duplicate: true });
  });

  test.each(["", "k".repeat(129), "a\tb"])("of %j is refused", async (value) => {
    const answer = await agent.post("/v1/latency", { pipeline_name: "p", seconds: 1 }, key(value));
    expectProblem(answer, "bad_request", "Idempotency-Key: must be 1 to 128 printable characters");
  });
});
