import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { freePort } from "../../scripts/lib/free-port.mjs";
import { launchAgent, newDatabase, startAgent, type TestAgent, takeLog, testServer } from "../support/agent.ts";
import { expectProblem, LEAKS } from "./problems.ts";

const server = await testServer();

const check = (score: number, more: object = {}) => ({
  kind: "quality",
  pipeline_name: "p",
  check_name: "c",
  score,
  ...more,
});

async function withAgent(work: (agent: TestAgent) => Promise<void>, options = {}): Promise<void> {
  const agent = await startAgent(server, options);
  try {
    await work(agent);
  } finally {
    await agent.stop();
  }
}

/** From now on the store refuses one score. */
async function poison(agent: TestAgent): Promise<void> {
  await agent.post("/v1/reports", [check(1, { pipeline_name: "first" })]);
  const [partition] = await agent.query<{ name: string }>(
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'quality_result'::regclass ORDER BY 1 DESC LIMIT 1",
  );
  await agent.query(`ALTER TABLE ${partition!.name} ADD CONSTRAINT poison CHECK (score <> 0.666)`);
}

/** Commits wait until `release` is called. */
async function hold(agent: TestAgent): Promise<() => Promise<unknown>> {
  const session = await agent.session();
  await session.query("BEGIN; LOCK TABLE pipeline IN ACCESS EXCLUSIVE MODE");
  return () => session.query("ROLLBACK");
}

async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 300_000; !(await check()); ) {
    if (Date.now() > deadline) throw new Error("it did not come true within 20 s");
    await sleep(50);
  }
}

describe("a report that the store refuses", () => {
  test("among 999 good ones in one commit is refused alone", async () => {
    await withAgent(async (agent) => {
      await poison(agent);
      const items = Array.from({ length: 1000 }, (_, i) =>
        check(i === 700 ? 0.666 : 0.9, { id: `i${i}`, run_id: "r" }),
      );
      const answer = await agent.post("/v1/reports", items);
      const rejected = [
        { index: 700, code: "unstorable_report", detail: expect.stringMatching(/^the store refused this report/) },
      ];
      expect(answer.body).toEqual({ accepted: 999, duplicates: 0, rejected, errors: [] });
      expect((await agent.post("/v1/reports", items)).body).toEqual({
        accepted: 0,
        duplicates: 999,
        rejected,
        errors: [],
      });
      expect((await agent.get("/v1/sla/p")).body).toMatchObject({ total: 999, passed: 999 });
      const rows = await agent.query("SELECT count(*)::int AS n FROM data_quality_sla WHERE pipeline_name = 'p'");
      expect(rows).toEqual([{ n: 999 }]);
    });
  });

  test("among many that were sent at once by others is refused to its sender alone", async () => {
    await withAgent(async (agent) => {
      await poison(agent);
      const sent = Array.from({ length: 100 }, (_, i) => {
        const { kind: _kind, ...body } = check(i === 50 ? 0.666 : 0.9);
        return agent.post("/v1/quality", body);
      });
      const answers = await Promise.all(sent);
      expectProblem(answers[50]!, "unstorable_report", /^the store refused this report/);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(99);
      expect((await agent.get("/v1/sla/p")).body).toMatchObject({ total: 99 });
    });
  });
});

describe("more reports than may wait", () => {
  test("are refused for a moment, and those that wait are kept", async () => {
    await withAgent(
      async (agent) => {
        await agent.post("/v1/reports", [check(1)]);
        const release = await hold(agent);
        const first = agent.post("/v1/reports", [check(1)]);
        await sleep(100);
        const second = agent.post("/v1/reports", [check(1), check(1)]);
        await sleep(100);
        const third = await agent.post("/v1/reports", [check(1)]);
        expectProblem(third, "queue_full", "3 reports wait to be stored and at most 3 may; send it again");
        expect(third.headers["retry-after"]).toBe("1");
        await release();
        expect([(await first).status, (await second).status]).toEqual([200, 200]);
        expect((await agent.post("/v1/reports", [check(1)])).status).toBe(200);
        expect((await agent.get("/v1/sla/p")).body).toMatchObject({ total: 5 });
      },
      { limits: { queue_reports: 3 } },
    );
  });
});

describe("a store that has no room for reports, while a heartbeat still fits", () => {
  test("makes the agent not ready until a report is stored, and no other failure does", async () => {
    await withAgent(async (agent) => {
      const post = async () =>
        (await agent.post("/v1/quality", { pipeline_name: "p", check_name: "c", score: 1 })).status;
      const ready = async () => {
        const { status, body } = await agent.get("/readyz");
        const up = /^sluice_store_up +(\d)/m.exec((await agent.get("/metrics")).text)![1];
        return { status, detail: (body as { detail?: string }).detail, up };
      };
      const fails = (sqlstate: string) =>
        agent.query(`CREATE OR REPLACE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${sqlstate}'; END $$`);
      const READY = { status: 200, detail: undefined, up: "1" };
      expect(await post()).toBe(200);
      await fails("57014");
      await agent.query("CREATE TRIGGER fails BEFORE INSERT ON quality_result FOR EACH ROW EXECUTE FUNCTION fails()");
      expect([await post(), await ready()]).toEqual([503, READY]);
      await fails("53100");
      const detail = "the store has a full disk: reports cannot be stored";
      expect([await post(), await ready()]).toEqual([503, { status: 503, detail, up: "0" }]);
      await agent.query("DROP TRIGGER fails ON quality_result");
      expect([await post(), await ready()]).toEqual([200, READY]);
    });
  });
});

describe("an agent that is stopping", () => {
  test("says so first, and takes, answers and holds whatever comes meanwhile", async () => {
    const agent = await startAgent(server);
    const run = { pipeline_name: "p", run_id: "1", stage: "load", count: 1 };
    await agent.post("/v1/runs", { pipeline_name: "p", run_id: "1", status: "started" });
    agent.leave();
    const ready = await agent.get("/readyz");
    expect([ready.status, ready.body]).toEqual([503, { status: "not ready", detail: "the agent is stopping" }]);
    expect((await agent.get("/healthz")).status).toBe(200);
    const waiting = agent.get("/v1/gates/p?run_id=1&wait=60s");
    const reported = await agent.post("/v1/records", run);
    expect([reported.status, reported.headers.connection]).toEqual([200, "close"]);
    await agent.post("/v1/runs", { pipeline_name: "p", run_id: "1", status: "success" });
    expect((await waiting).body).toMatchObject({ decision: "pass" });
    await agent.stop();
  });

  test("finishes what it took and refuses the rest for others to take", async () => {
    const agent = await startAgent(server);
    await agent.post("/v1/reports", [check(1)]);
    const release = await hold(agent);
    const socket = connect(agent.port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    const ended = new Promise((resolve) => socket.on("close", resolve));
    const body = JSON.stringify([check(1)]);
    const request = `POST /v1/reports HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    socket.write(request);
    await sleep(100);
    const stopped = agent.stop();
    await sleep(50);
    socket.write(request);
    await sleep(100);
    await release().catch(() => {});
    await ended;
    await stopped;
    const [first, second] = text.split(/(?=HTTP\/1\.1 )/);
    expect(first).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(second).toMatch(/^HTTP\/1\.1 503 Service Unavailable/);
    expect(second).toMatch(/\r\nretry-after: 0\r\n/);
    expect(second).toMatch(/\r\ncontent-type: application\/problem\+json/);
    expect(second).toContain('"code":"shutting_down"');
    const again = await (await launchAgent(agent.database_url)).ready;
    expect((await again.get("/v1/sla/p")).body).toMatchObject({ total: 2 });
    await again.stop();
  });
});

describe("a store that is away", () => {
  test("is told with Retry-After, nothing is half done, and the agent comes back by itself", async () => {
    await withAgent(async (agent) => {
      const count = (id: string) => ({ pipeline_name: "p", stage: "load", count: 1, id });
      expect((await agent.post("/v1/records", count("before"))).body).toEqual({ duplicate: false });
      await server.stop();
      const answers = [
        await agent.post("/v1/records", count("during")),
        await agent.post("/v1/reports", [{ kind: "records", ...count("during") }, { kind: "magic" }]),
        await agent.get("/v1/runs"),
        await agent.get("/v1/sla"),
        await agent.get("/v1/pipelines/p"),
      ];
      for (const answer of answers) {
        expectProblem(answer, "store_unavailable", /./);
        expect(answer.headers["retry-after"]).toBe("2");
      }
      // A heartbeat that was just written stands for a moment.
      await expect.poll(async () => (await agent.get("/readyz")).status, { timeout: 120_000 }).toBe(503);
      const notReady = await agent.get("/readyz");
      expect(notReady.headers["retry-after"]).toBe("1");
      expect(notReady.body).toEqual({
        status: "not ready",
        detail: "the store cannot be reached or is too busy; the agent's log says more",
      });
      for (const answer of [...answers, notReady]) expect(answer.text).not.toMatch(LEAKS);
      expect((await agent.get("/healthz")).body).toEqual({ status: "ok" });
      const metrics = await agent.get("/metrics");
      expect(metrics.text).toMatch(/^records_processed_total\{pipeline_name="p",stage="load"\} +1$/m);
      // That a report was refused has to be remembered, so it is told to come again; one that says no pipeline is refused at once.
      expect((await agent.post("/v1/records", { pipeline_name: "p" })).status).toBe(503);
      expect((await agent.post("/v1/records", { stage: "load" })).status).toBe(422);

      await server.start();
      await eventually(async () => (await agent.get("/readyz")).status === 200);
      await eventually(async () => (await agent.post("/v1/records", count("during"))).status === 200);
      expect((await agent.post("/v1/records", count("during"))).body).toEqual({ duplicate: true });
      expect((await agent.post("/v1/records", count("before"))).body).toEqual({ duplicate: true });
      const rows = await agent.query("SELECT processed::int FROM records_total");
      expect(rows).toEqual([{ processed: 2 }]);
    });
    takeLog();
  });

  test("while the agent starts keeps it waiting: alive, not ready, taking nothing", async () => {
    const databaseUrl = await newDatabase(server);
    await server.stop();
    const { agent, ready } = await launchAgent(databaseUrl, { port: await freePort() });
    await eventually(() =>
      agent.get("/healthz").then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    const notReady = await agent.get("/readyz");
    expect(notReady.status).toBe(503);
    expect(notReady.body).toEqual({
      status: "not ready",
      detail: "the store is being opened or the metrics are being restored",
    });
    const detail = "the agent is starting: its store is not open yet; try again";
    for (const path of ["/v1/runs", "/metrics", "/nowhere"]) {
      const answer = await agent.get(path);
      expectProblem(answer, "store_unavailable", detail);
      expect(answer.headers["retry-after"]).toBe("1");
    }
    expectProblem(await agent.post("/v1/reports", []), "store_unavailable", detail);
    for (const path of ["/openapi.json", "/docs", "/"]) expect((await agent.get(path)).status).toBe(200);
    await server.start();
    await ready;
    expect((await agent.get("/readyz")).body).toEqual({ status: "ready" });
    expect((await agent.post("/v1/reports", [check(1)])).status).toBe(200);
    await agent.stop();
  });
});
