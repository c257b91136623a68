import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { SILENT_AFTER_MS } from "../../src/adapters/postgres/replicas/agent-rows.ts";
import { HEARTBEAT_EVERY_MS } from "../../src/adapters/postgres/replicas/membership.ts";
import { launchAgent, newDatabase, startAgent, type TestAgent, testServer } from "../support/agent.ts";
import { startDebianPostgres } from "../support/debian-postgres.ts";
import { tcpGate } from "../support/tcp-gate.ts";

const server = await testServer();
const stops: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function eventually<T>(look: () => Promise<T>, right: (value: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + 300_000; ; ) {
    const value = await look();
    if (right(value)) return value;
    if (Date.now() > deadline) throw new Error(`it did not come true within 5 min: ${JSON.stringify(value)}`);
    await sleep(20);
  }
}

async function agentOn(database_url: string, yaml?: string, birth_hold = 0): Promise<TestAgent> {
  const { agent, ready } = await launchAgent(database_url, { metrics: { birth_hold }, ...(yaml && { yaml }) });
  stops.push(() => agent.stop());
  return ready.then(() => agent);
}

/** Two agents on one database. */
async function two(yaml?: string): Promise<[TestAgent, TestAgent]> {
  const database_url = await newDatabase(server);
  return [await agentOn(database_url, yaml), await agentOn(database_url, yaml)];
}

const run = (status: string, run_id = "r", pipeline_name = "p") => ({ pipeline_name, run_id, status });
const check = (score: number, run_id = "r", pipeline_name = "p") => ({
  pipeline_name,
  run_id,
  check_name: "c",
  score,
  threshold: 0.5,
});

async function decisionOf(agent: TestAgent, pipeline_name = "p"): Promise<string> {
  return ((await agent.get(`/v1/gates/${pipeline_name}`)).body as { decision: string }).decision;
}

const decides = (agent: TestAgent, decision: string, pipeline_name = "p") =>
  eventually(
    () => decisionOf(agent, pipeline_name),
    (said) => said === decision,
  );

async function reading(agent: TestAgent, name: string): Promise<number | null> {
  const { text } = await agent.get("/metrics");
  const line = text.split("\n").find((one) => one.startsWith(`${name} `) || one.startsWith(`${name}{`));
  return line === undefined ? null : Number(line.slice(line.lastIndexOf(" ")));
}

test("what one agent commits the other answers by", async () => {
  const [a, b] = await two();
  await a.post("/v1/runs", run("started"));
  await decides(b, "pending");
  await b.post("/v1/quality", check(1));
  await a.post("/v1/runs", run("success"));
  await decides(b, "pass");
  await b.post("/v1/quality", check(0.1));
  await decides(a, "block");
  const words = { reason: "x", actor: "a", expires_in: "1h" };
  expect((await b.post("/v1/gates/p/overrides", { decision: "pass", ...words })).status).toBe(201);
  await decides(a, "pass");
  expect((await a.send({ method: "DELETE", path: "/v1/pipelines/p" })).status).toBeLessThan(300);
  await eventually(
    () => b.get("/v1/gates"),
    ({ body }) => (body as { items: unknown[] }).items.length === 0,
  );
  await b.post("/v1/quality", check(1, "r2"));
  await b.post("/v1/runs", run("success", "r2"));
  await decides(a, "pass");
});

test("evidence of a run that goes on, taken by one agent, is in what the other says of it", async () => {
  const [a, b] = await two();
  await a.post("/v1/runs", run("started"));
  await decides(b, "pending");
  await b.get("/v1/gates/p");
  await a.post("/v1/quality", check(0.1));
  const codes = async () =>
    ((await b.get("/v1/gates/p")).body as { reasons: { code: string }[] }).reasons.map(({ code }) => code);
  await eventually(codes, (found) => found.includes("quality_below_threshold"));
});

test("who waits at one agent is told of what the other commits, and so is who listens", async () => {
  const [a, b] = await two();
  await a.post("/v1/runs", run("started"));
  await decides(b, "pending");
  const heard = b.raw(`GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n`, /event: run[\s\S]*event: verdict/);
  const waiting = b.get("/v1/gates/p/check?wait=60s");
  await eventually(
    () => reading(b, "sluice_gate_waiters"),
    (count) => count === 1,
  );
  await a.post("/v1/quality", check(1));
  await a.post("/v1/runs", run("success"));
  expect((await waiting).status).toBe(200);
  const features = { f: { counts: [1, 2], reference: { counts: [1, 2] } } };
  expect((await a.post("/v1/drift", { pipeline_name: "p", run_id: "r", features })).status).toBe(200);
  const text = await heard;
  expect(text).toContain('"status":"success"');
  expect(text).toContain('"feature_name":"f"');
});

test("one agent shows the metrics of pipelines, whoever took the reports, and when it stops the other does", async () => {
  const [a, b] = await two();
  const total = 'pipeline_runs_total{pipeline_name="p",status="success"}';
  for (const [agent, run_id] of [
    [a, "1"],
    [b, "2"],
    [b, "3"],
  ] as const) {
    expect((await agent.post("/v1/runs", run("success", run_id))).status).toBe(200);
  }
  await eventually(
    () => reading(a, total),
    (count) => count === 3,
  );
  expect(await reading(b, total)).toBeNull();
  expect([await reading(a, "sluice_lease_held"), await reading(b, "sluice_lease_held")]).toEqual([1, 0]);
  expect([await reading(a, "sluice_agents"), await reading(b, "sluice_agents")]).toEqual([2, 2]);
  await a.stop();
  await eventually(
    () => reading(b, total),
    (count) => count === 3,
  );
  await b.post("/v1/runs", run("success", "4"));
  expect(await reading(b, total)).toBe(4);
  await eventually(
    () => reading(b, "sluice_agents"),
    (count) => count === 1,
  );
});

test("a counter is born at 0 also where another agent took the first report, and this one has not heard of it", async () => {
  const database_url = await newDatabase(server);
  const [a, b] = [await agentOn(database_url, undefined, 60_000), await agentOn(database_url, undefined, 60_000)];
  const names = Array.from({ length: 30 }, (_, i) => `p${i}`);
  for (const name of names) {
    await b.post("/v1/runs", run("failed", "1", name));
    await a.post("/v1/runs", run("failed", "2", name));
  }
  const { text } = await a.get("/metrics");
  for (const name of names)
    expect(text).toMatch(new RegExp(`^pipeline_runs_total\\{pipeline_name="${name}",status="failed"\\} +0$`, "m"));
});

test("an agent that is alone tells nobody; from when another joins every commit tells", async () => {
  const a = await startAgent(server);
  stops.push(() => a.stop());
  const told = async () => Number((await a.query<{ n: string }>("SELECT count(*) AS n FROM change"))[0]!.n);
  const tells = async () => (await a.query<{ tells: boolean }>("SELECT tells FROM agent")).map(({ tells }) => tells);
  await a.post("/v1/quality", check(1));
  expect([await told(), await tells()]).toEqual([0, [false]]);
  const b = await agentOn(a.database_url);
  await a.post("/v1/quality", check(1));
  expect(await told()).toBe(1);
  await b.post("/v1/quality", check(1));
  expect(await told()).toBe(2);
  await b.stop();
  await eventually(tells, (all) => all.length === 1 && all[0] === false);
  await a.post("/v1/quality", check(1));
  expect(await told()).toBe(2);
});

test("reports that two agents take of the same pipelines at once are all counted, and no gate says anything else than the store", async () => {
  const [a, b] = await two();
  const reports = (agent: number, n: number) =>
    Array.from({ length: 20 }, (_, i) => ({
      kind: "records",
      pipeline_name: `p${(n + i) % 7}`,
      run_id: `${agent}-${n}`,
      stage: "load",
      count: 1,
    }));
  const sendings = [a, b].flatMap((agent, which) =>
    Array.from({ length: 25 }, (_, n) => agent.post("/v1/reports", reports(which, n))),
  );
  for (const { status } of await Promise.all(sendings)) expect(status).toBe(200);
  const sum = async () => {
    const { text } = await a.get("/metrics");
    const lines = text.split("\n").filter((line) => line.startsWith("records_processed_total{"));
    return lines.reduce((all, line) => all + Number(line.slice(line.lastIndexOf(" "))), 0);
  };
  await eventually(sum, (all) => all === 1000);
  const [stored] = await a.query("SELECT sum(processed)::int AS n FROM records_total");
  expect(stored).toEqual({ n: 1000 });
  const stands = await a.query<{ pipeline_name: string; decision: string; revision: string }>(
    "SELECT pipeline_name, decision FROM gate JOIN pipeline USING (pipeline_id)",
  );
  for (const { pipeline_name, decision } of stands)
    for (const agent of [a, b]) await decides(agent, decision, pipeline_name);
});

test("what the time decides is decided once, by who holds the lease, and both answer it", async () => {
  const yaml = "gate:\n  max_age: 2s\n";
  const [a, b] = await two(yaml);
  await b.post("/v1/quality", check(1));
  await b.post("/v1/runs", run("success"));
  await decides(b, "pass");
  await decides(a, "unknown");
  await decides(b, "unknown");
  const rows = await a.query(
    "SELECT cause, decision FROM gate_transition WHERE decision = 'unknown' AND cause = 'time'",
  );
  expect(rows).toEqual([{ cause: "time", decision: "unknown" }]);
});

test("an agent that shares its database and cannot hear the others says unknown, and then what is right", async () => {
  const database_url = await newDatabase(server);
  const a = await agentOn(database_url);
  const gate = await tcpGate({ path: `${server.folder}/.s.PGSQL.5432` });
  stops.push(() => gate.close());
  const b = await agentOn(`postgresql://postgres@127.0.0.1:${gate.port}/${database_url.split("/").at(-1)}`);
  await a.post("/v1/quality", check(1));
  await a.post("/v1/runs", run("success"));
  await decides(b, "pass");
  gate.shut();
  await a.post("/v1/quality", check(0.1));
  await decides(a, "block");
  const { body } = await eventually(
    () => b.get("/v1/gates/p"),
    (answer) => (answer.body as { decision: string }).decision !== "pass",
  );
  expect(body).toMatchObject({ decision: "unknown", allowed: false, reasons: [{ code: "agent_stale" }] });
  expect((await b.get("/v1/gates/p/check")).status).toBe(423);
  gate.open();
  await decides(b, "block");
});

test("an agent that the others have given up writes nothing more and answers nothing from memory", async () => {
  const agent = await startAgent(server);
  stops.push(() => agent.stop());
  await agent.post("/v1/quality", check(1));
  await agent.post("/v1/runs", run("success"));
  await decides(agent, "pass");
  await agent.query("DELETE FROM agent");
  const count = () => agent.query("SELECT count(*)::int AS n FROM quality_result");
  const before = await count();
  const words = { reason: "x", actor: "a", expires_in: "1h" };
  const reference = { edges: [0, 1, 2.5], counts: [3, 4], nulls: 1 };
  const sent = [
    () => agent.post("/v1/quality", check(1)),
    () => agent.post("/v1/reports", [{ kind: "run", ...run("failed", "r2") }]),
    () =>
      agent.send({
        method: "PUT",
        path: "/v1/references/p/f",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(reference),
      }),
    () => agent.post("/v1/gates/p/overrides", { decision: "pass", ...words }),
    () => agent.post("/v1/mutes", { pipeline_name: "p", ...words }),
    () => agent.post("/v1/runs/p/r/invalidate", { reason: "x", actor: "a" }),
  ];
  for (const send of sent) expect(await send()).toMatchObject({ status: 503, body: { code: "store_unavailable" } });
  expect(await count()).toEqual(before);
  expect(await agent.query("SELECT count(*)::int AS n FROM mute")).toEqual([{ n: 0 }]);
  expect(await agent.query("SELECT count(*)::int AS n FROM gate_override")).toEqual([{ n: 0 }]);
  await eventually(
    () => agent.get("/readyz"),
    ({ status }) => status === 503,
  );
  expect((await agent.get("/v1/gates/p")).status).toBe(503);
  expect((await agent.get("/metrics")).status).toBe(503);
});

test("agents that were all without the database for long do not give each other up when it is back", async () => {
  const postgres = await startDebianPostgres({ tcp: true });
  stops.push(() => postgres.dispose());
  const database_url = await newDatabase(postgres);
  const agents = [await agentOn(database_url), await agentOn(database_url), await agentOn(database_url)];
  const members = () => agents[0]!.query("SELECT agent_id FROM agent ORDER BY agent_id");
  const before = await members();
  expect(before.length).toBe(3);
  await postgres.stop("immediate");
  // Longer than one agent may be silent among others.
  await sleep(SILENT_AFTER_MS + 3_000);
  await postgres.start();
  const isReady = async (agent: TestAgent) => (await agent.get("/readyz")).status === 200;
  for (const agent of agents) await eventually(() => isReady(agent), Boolean);
  // Each has looked for the others since.
  await sleep(3 * HEARTBEAT_EVERY_MS);
  for (const agent of agents) expect(await isReady(agent)).toBe(true);
  expect(await members()).toEqual(before);
});

test("who gives an agent up waits for a commit that it has begun, and heartbeats do not", async () => {
  const agent = await startAgent(server);
  stops.push(() => agent.stop());
  const [commit, taker] = [await agent.session(), await agent.session()];
  await commit.query("BEGIN");
  await commit.query("SELECT FROM agent FOR KEY SHARE");
  const heartbeat = "SELECT heartbeat_at::text AS at FROM agent";
  const [{ at }] = (await agent.query<{ at: string }>(heartbeat)) as [{ at: string }];
  await eventually(
    () => agent.query<{ at: string }>(heartbeat),
    ([row]) => row!.at !== at,
  );
  let gone = false;
  const giving = taker.query("DELETE FROM agent").then(() => {
    gone = true;
  });
  await eventually(
    () => agent.query("SELECT FROM pg_locks WHERE NOT granted"),
    (rows) => rows.length > 0,
  );
  expect(gone).toBe(false);
  await commit.query("COMMIT");
  await giving;
});
