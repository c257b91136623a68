import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startAgent, type TestAgent, testServer } from "../support/agent.ts";

const server = await testServer();

let unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);
beforeEach(() => {
  unhandled = [];
  process.on("unhandledRejection", note);
});
afterEach(() => void process.off("unhandledRejection", note));

/** Counts of a run that goes on, behind one that has ended: no gate is decided by them. */
const counts = (id: string) => ({ kind: "records", id, pipeline_name: "p", run_id: "going", stage: "load", count: 5 });

async function withRuns(work: (agent: TestAgent) => Promise<void>): Promise<void> {
  const agent = await startAgent(server);
  try {
    const now = Date.now() / 1000;
    const runs = [
      { kind: "run", pipeline_name: "p", run_id: "going", status: "started", at: now - 7200 },
      { kind: "run", pipeline_name: "p", run_id: "ended", status: "success", at: now - 60 },
    ];
    expect((await agent.post("/v1/reports", runs)).body).toMatchObject({ accepted: 2 });
    expect((await agent.post("/v1/reports", [counts("first")])).body).toMatchObject({ accepted: 1 });
    await work(agent);
  } finally {
    await agent.stop();
  }
}

test.each(["run_records", "records_total", "records_report"])(
  "a commit that fails at %s while it touches no gate is an answer, and no promise is left unheard",
  async (table) => {
    await withRuns(async (agent) => {
      await agent.query(`
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'away' USING ERRCODE = '57P01'; END $$;
        CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION fail()`);
      const answer = await agent.post("/v1/reports", [counts("second")]);
      expect(answer).toMatchObject({ status: 503, body: { code: "store_unavailable" } });
      await sleep(20);
      expect(unhandled).toEqual([]);
      await agent.query(`DROP TRIGGER fail ON ${table}; DROP FUNCTION fail`);
      expect((await agent.post("/v1/reports", [counts("second")])).body).toMatchObject({ accepted: 1, duplicates: 0 });
      expect((await agent.get("/v1/runs/p/going")).body).toMatchObject({ stages: [{ stage: "load", count: 10 }] });
    });
  },
);

test("connections that break while many such commits are under way leave no promise unheard", async () => {
  await withRuns(async (agent) => {
    const session = await agent.session();
    const statuses = new Set<number>();
    for (let round = 0; round < 20; round++) {
      const sent = Array.from({ length: 8 }, (_, i) => agent.post("/v1/reports", [counts(`${round}-${i}`)]));
      await sleep(round % 5);
      await session.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sluice-write'",
      );
      for (const { status } of await Promise.all(sent)) statuses.add(status);
    }
    expect([...statuses].every((status) => status === 200 || status === 503)).toBe(true);
    await sleep(20);
    expect(unhandled).toEqual([]);
  });
});
