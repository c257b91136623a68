import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { expect, test } from "vitest";
import { launchAgent, newDatabase, startAgent, type TestAgent, takeLog, testServer } from "../support/agent.ts";
import { freePort } from "../support/debian-postgres.ts";

const server = await testServer();
const quality = { pipeline_name: "p", check_name: "c", score: 1 };

async function eventually<T>(look: () => Promise<T>, right: (value: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + 300_000; ; ) {
    const value = await look();
    if (right(value)) return value;
    if (Date.now() > deadline) throw new Error(`it did not come true within 5 min: ${JSON.stringify(value)}`);
    await sleep(50);
  }
}

const readiness = async (agent: TestAgent) => {
  // It does not listen yet.
  const { status, body } = await agent.get("/readyz").catch(() => ({ status: 0, body: {} }));
  return { status, detail: (body as { detail?: string }).detail };
};

const putJson = (agent: TestAgent, path: string, body: object) =>
  agent.send({ method: "PUT", path, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** Somebody on another machine, whose end cannot be seen from here. */
const STRANGER =
  "host = 'db-client-7', pid = 4711, process = 'another boot pid:[1] 4711 99', since = '2026-11-20 03:00Z'";

test("a second agent on a database waits, says who holds it, and works when that one has ended", async () => {
  const first = await startAgent(server);
  const { agent: second, ready } = await launchAgent(first.database_url, { port: await freePort() });
  ready.catch(() => {});
  try {
    const waiting = await eventually(
      () => readiness(second),
      ({ detail }) => detail?.startsWith("another agent") === true,
    );
    expect(waiting.status).toBe(503);
    expect(waiting.detail).toMatch(
      new RegExp(`^another agent works on this database: process ${process.pid} on ${hostname()}, since \\d{4}-`),
    );
    expect((await second.post("/v1/quality", quality)).status).toBe(503);
    expect((await second.get("/v1/gates/p")).status).toBe(503);
    expect((await second.get("/healthz")).status).toBe(200);
    expect((await first.post("/v1/quality", quality)).status).toBe(200);

    await first.stop();
    await ready;
    expect(await readiness(second)).toEqual({ status: 200, detail: undefined });
    expect((await second.post("/v1/quality", quality)).status).toBe(200);
    expect((await second.get("/v1/sla/p")).body).toMatchObject({ total: 2 });
  } finally {
    await second.stop();
    await first.stop();
  }
});

test("the hold of a host of which nothing is heard ends", async () => {
  const database_url = await newDatabase(server);
  await (await launchAgent(database_url)).ready.then((agent) => agent.stop());
  const admin = new pg.Client({ connectionString: database_url });
  await admin.connect();
  await admin.query(`UPDATE agent_holder SET ${STRANGER}, heartbeat_at = clock_timestamp()`);
  const { agent, ready } = await launchAgent(database_url, { port: await freePort() });
  ready.catch(() => {});
  try {
    const waiting = await eventually(
      () => readiness(agent),
      ({ detail }) => detail?.startsWith("another agent") === true,
    );
    expect(waiting.detail).toContain("process 4711 on db-client-7, since 2026-11-20T03:00:00.000Z");
    const { rows } = await admin.query("SELECT fence FROM agent_holder");
    await admin.query("UPDATE agent_holder SET heartbeat_at = clock_timestamp() - interval '13 s'");
    await ready;
    expect((await admin.query("SELECT fence, host FROM agent_holder")).rows).toEqual([
      { fence: String(Number(rows[0].fence) + 1), host: hostname() },
    ]);
    expect((await agent.post("/v1/quality", quality)).status).toBe(200);
  } finally {
    await agent.stop();
    await admin.end();
  }
});

test("an agent whose database was taken writes nothing more and answers nothing from memory", async () => {
  const agent = await startAgent(server);
  try {
    await agent.post("/v1/quality", { ...quality, run_id: "r" });
    await agent.post("/v1/runs", { pipeline_name: "p", run_id: "r", status: "success" });
    expect((await agent.get("/v1/gates/p")).body).toMatchObject({ decision: "pass" });
    takeLog();
    await agent.query(`UPDATE agent_holder SET fence = fence + 1, ${STRANGER}, heartbeat_at = clock_timestamp()`);
    const count = () => agent.query("SELECT count(*)::int AS n FROM quality_result");
    const before = await count();
    const reference = { edges: [0, 1, 2.5], counts: [3, 4], nulls: 1 };
    const words = { reason: "x", actor: "a", expires_in: "1h" };
    const sent = [
      () => agent.post("/v1/quality", quality),
      () => agent.post("/v1/reports", [{ kind: "run", pipeline_name: "p", run_id: "r2", status: "failed" }]),
      () => putJson(agent, "/v1/references/p/f", reference),
      () => agent.post("/v1/gates/p/overrides", { decision: "pass", ...words }),
      () => agent.post("/v1/mutes", { pipeline_name: "p", ...words }),
      () => agent.post("/v1/runs/p/r/invalidate", { reason: "x", actor: "a" }),
    ];
    for (const send of sent) expect(await send()).toMatchObject({ status: 503, body: { code: "store_unavailable" } });
    expect(await count()).toEqual(before);
    expect(await agent.query("SELECT count(*)::int AS n FROM mute")).toEqual([{ n: 0 }]);
    expect(await agent.query("SELECT count(*)::int AS n FROM gate_override")).toEqual([{ n: 0 }]);
    await eventually(
      () => readiness(agent),
      ({ status }) => status === 503,
    );
    expect((await agent.get("/v1/gates/p")).status).toBe(503);
    expect((await agent.get("/metrics")).status).toBe(503);
  } finally {
    await agent.stop();
  }
  // Not even on its way out.
  expect(await agent.query("SELECT host FROM agent_holder")).toEqual([{ host: "db-client-7" }]);
});

test("who takes the database waits for a commit that was begun under the last number, and heartbeats do not", async () => {
  const agent = await startAgent(server);
  try {
    const [commit, taker] = [await agent.session(), await agent.session()];
    await commit.query("BEGIN");
    await commit.query("SELECT FROM agent_holder FOR KEY SHARE");
    const heartbeat = "SELECT heartbeat_at::text AS at FROM agent_holder";
    const [{ at }] = (await agent.query<{ at: string }>(heartbeat)) as [{ at: string }];
    await eventually(
      () => agent.query<{ at: string }>(heartbeat),
      ([row]) => row!.at !== at,
    );
    let taken = false;
    const taking = taker.query("UPDATE agent_holder SET fence = fence + 1").then(() => {
      taken = true;
    });
    await eventually(
      () => agent.query("SELECT FROM pg_locks WHERE NOT granted"),
      (rows) => rows.length > 0,
    );
    expect(taken).toBe(false);
    await commit.query("COMMIT");
    await taking;
  } finally {
    await agent.stop();
  }
});
