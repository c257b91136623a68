import { randomUUID } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatTime } from "../../src/domain/words/time.ts";
import { addOverride } from "../../src/service/gate/operate-gates.ts";
import { takeAlerts } from "../../src/service/gate/take-alerts.ts";
import { type Sent, TestAcceptor } from "../support/acceptor.ts";
import { startAgent, type TestAgent, testServer } from "../support/agent.ts";
import { gateDeps } from "../support/gates.ts";
import { sluice } from "./edge.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TODAY = Math.floor(Date.now() / 1000) * 1000;
const FRESH = "max_age: 26h, freshness: {max_lag: 2h}";

let agent: TestAgent;
let pool: pg.Pool;
let past: Past;
const directory = mkdtempSync(path.join(tmpdir(), "sluice-policy-test-"));

beforeAll(async () => {
  agent = await startAgent(await testServer());
  pool = new pg.Pool({ connectionString: agent.database_url });
  past = new Past(pool);
});
afterAll(async () => {
  await pool.end();
  await agent.stop();
  await rm(directory, { recursive: true });
});

/** The same store as it was written on earlier days: an agent's write path with a clock that only this test moves. */
class Past {
  now = TODAY;
  readonly #acceptor: TestAcceptor;

  constructor(db: pg.Pool) {
    this.#acceptor = new TestAcceptor(db, { clock: { now: () => this.now } });
  }

  get deps() {
    const { store, recorder } = this.#acceptor;
    const clock = { now: () => this.now };
    return { ...gateDeps(), store, afterCommit: recorder, clock, newId: randomUUID, repeat_interval: () => 4 * HOUR };
  }

  async send(pipeline_name: string, ...reports: Omit<Sent, "pipeline_name">[]): Promise<void> {
    for (const report of reports) {
      const sent = { at: this.now / 1000, ...report, pipeline_name } as unknown as Sent;
      expect(await this.#acceptor.send(sent)).toMatchObject([{ accepted: true }]);
    }
  }

  /** A run that ends `days` ago with data an hour old and a check that passes. */
  async run(pipeline_name: string, days: number, more: Omit<Sent, "pipeline_name">[] = []): Promise<void> {
    this.now = TODAY - days * DAY;
    const run_id = `${days}d`;
    const seconds = this.now / 1000;
    await this.send(
      pipeline_name,
      { kind: "freshness", run_id, data_through: seconds - 3600 },
      { kind: "quality", run_id, check_name: "null_rate", score: 0.97, threshold: 0.95 },
      ...more.map((one) => ({ run_id, ...one })),
      { kind: "run", run_id, status: "success", started_at: seconds - 600, finished_at: seconds },
    );
  }
}

async function policyTest(pipeline_name: string, policy: string, ...more: string[]) {
  const file = path.join(directory, `${randomUUID()}.yaml`);
  writeFileSync(file, `gate: {policies: [{pipeline_name: "${pipeline_name}", ${policy}}]}\n`);
  const url = `http://127.0.0.1:${agent.port}`;
  const args = ["policy", "test", "--config", file, "--pipeline", pipeline_name, "--url", url, ...more];
  const { code, out, err } = await sluice(args, directory);
  expect(err).toBe("");
  return { code, out: out.trim() };
}

const SAME = (runs: number) => ({ code: 0, out: `${runs} runs of 1 pipeline: every decision would be the same.` });

/** Of each run: what was decided → what would be. */
async function compared(pipeline_name: string, policy: string): Promise<Record<string, string>> {
  const { out } = await policyTest(pipeline_name, policy, "--json");
  const { pipelines } = JSON.parse(out) as {
    pipelines: { runs: { run_id: string; decided: string; proposed: string }[] }[];
  };
  return Object.fromEntries(pipelines[0]!.runs.map((run) => [run.run_id, `${run.decided} → ${run.proposed}`]));
}

describe("runs of the last days", () => {
  test("that were fresh when they were decided are unchanged, however old they are today", async () => {
    for (const days of [3, 2, 1]) await past.run("fresh_then", days);
    expect(await policyTest("fresh_then", FRESH)).toEqual(SAME(3));
  });

  test("that were not fresh enough then are held back, and by that day's numbers", async () => {
    for (const days of [3, 2, 1]) await past.run("too_old_then", days);
    const { code, out } = await policyTest("too_old_then", "freshness: {max_lag: 30m}");
    expect(code).toBe(1);
    expect(out).toContain("3 runs of 1 pipeline: 3 decided otherwise, 3 newly held back, 0 newly let through.");
    expect(out.match(/1 h ago, at most 30 min is allowed/g)).toHaveLength(3);
  });

  test("are asked about the alerts of then, not about those of today", async () => {
    const name = "alerts_then";
    const alert = {
      fingerprint: "f",
      pipeline_name: name,
      alertname: "DiskFull",
      gate: "block" as const,
      summary: null,
    };
    await past.run(name, 3);
    await past.run(name, 2);
    await takeAlerts(past.deps, [{ ...alert, starts_at: past.now, resolved: false }]);
    await past.run(name, 1);
    past.now = TODAY;
    await takeAlerts(past.deps, [{ ...alert, starts_at: TODAY - HOUR, resolved: false }]);
    const loud = await compared(name, "alerts: block");
    expect(loud).toEqual({ "3d": "pass → pass", "2d": "block → block", "1d": "block → block" });
    expect(await compared(name, 'alerts: "off"')).toMatchObject({ "2d": "block → pass", "3d": "pass → pass" });
  });

  test("are asked about with the override of then", async () => {
    const name = "overridden_then";
    await past.run(name, 3);
    await past.run(name, 2, [
      { kind: "quality", check_name: "null_rate", score: 0.5, at: (TODAY - 2 * DAY) / 1000 + 1 },
    ]);
    const expires_at = past.now + HOUR;
    await addOverride(past.deps, name, { decision: "pass", reason: "r", actor: "a", run_id: null, expires_at }, null);
    await past.run(name, 1);
    expect(await policyTest(name, "run: block")).toEqual(SAME(3));
  });

  test("keep what was reported late, as long as it changed no decision then", async () => {
    const name = "late_evidence";
    await past.run(name, 3);
    past.now += HOUR;
    await past.send(name, { kind: "quality", run_id: "3d", check_name: "row_count", score: 0.96, threshold: 0.8 });
    await past.run(name, 2);
    past.now += 60_000;
    // Of the first run, but after the second one was decided.
    await past.send(name, { kind: "quality", run_id: "3d", check_name: "too_late", score: 0.1 });
    const checks = (minimum: number) => `quality: {checks: [{check_name: "row_*", minimum: ${minimum}}]}`;
    expect(await compared(name, checks(0.9))).toEqual({ "3d": "pass → pass", "2d": "pass → pass" });
    expect(await compared(name, checks(0.98))).toEqual({ "3d": "pass → block", "2d": "pass → pass" });
  });

  test("are what they were, though one was invalidated since and one has failed since", async () => {
    const name = "changed_since";
    for (const days of [3, 2, 1]) await past.run(name, days);
    past.now = TODAY;
    const by = { actor: "anna", reason: "vendor file" };
    expect((await agent.post(`/v1/runs/${name}/3d/invalidate`, by)).status).toBe(200);
    const at = TODAY / 1000;
    await past.send(name, { kind: "run", run_id: "2d", status: "failed", attempt: 2, started_at: at, finished_at: at });
    expect(await policyTest(name, FRESH)).toEqual(SAME(3));
  });

  test("of an old interval, which never were the latest, are judged as of their end on both sides", async () => {
    const name = "backfilled";
    past.now = TODAY - 5 * DAY;
    const seconds = past.now / 1000;
    const [newest, old] = [seconds - 3600, seconds - 40 * 86_400];
    await past.send(
      name,
      { kind: "quality", run_id: "new", check_name: "null_rate", score: 1 },
      { kind: "run", run_id: "new", status: "success", data_interval_end: newest },
      { kind: "quality", run_id: "backfill", check_name: "null_rate", score: 0.96, threshold: 0.95 },
      { kind: "run", run_id: "backfill", status: "success", data_interval_end: old },
    );
    const evaluated = await agent.post(`/v1/gates/${name}/evaluate`, { run_id: "backfill", at: seconds });
    expect(evaluated.body).toMatchObject({ decision: "pass", run_id: "backfill" });
    expect(await compared(name, "max_age: 1d")).toMatchObject({ new: "pass → pass" });
    const strict = "quality: {checks: [{check_name: null_rate, minimum: 0.99}]}";
    const { items } = (await agent.get(`/v1/runs?pipeline_name=${name}`)).body as { items: { run_id: string }[] };
    expect(items.map(({ run_id }) => run_id)).toEqual(["new", "backfill"]);
    const { out } = await policyTest(name, strict, "--since", "60d", "--json");
    expect(JSON.parse(out).pipelines[0].runs).toMatchObject([
      { run_id: "new", decided: "pass", proposed: "pass" },
      { run_id: "backfill", decided: "pass", proposed: "block" },
    ]);
  });
});

describe("POST …/evaluate with `at`", () => {
  const policy = { freshness: { max_lag: "2h" } };
  const ask = (name: string, body: object) => agent.post(`/v1/gates/${name}/evaluate`, body);

  test("moves the clock: the same evidence is stale two hours later", async () => {
    await past.run("moved_clock", 4);
    const at = (ms: number) => formatTime(past.now + ms);
    expect((await ask("moved_clock", { policy, at: at(0) })).body).toMatchObject({
      decision: "pass",
      run_id: "4d",
      decided_at: at(0),
    });
    const later = (await ask("moved_clock", { policy, at: at(2 * HOUR) })).body as { reasons: object[] };
    expect(later).toMatchObject({ decision: "block", reasons: [{ code: "data_stale", observed: 10_800 }] });
    expect((await ask("moved_clock", { policy, at: at(-1) })).body).toMatchObject({
      decision: "unknown",
      run_id: null,
    });
  });

  test("without a policy asks the one in force", async () => {
    const body = { at: (TODAY - 4 * DAY) / 1000 };
    expect((await ask("moved_clock", body)).body).toMatchObject({ decision: "pass" });
  });

  test("says what a time is", async () => {
    const answer = await ask("moved_clock", { at: "yesterday" });
    expect(answer.body).toMatchObject({
      code: "invalid_body",
      detail: 'at: "yesterday" given; must be an RFC 3339 time such as 2026-11-20T02:00:00Z or Unix seconds',
    });
  });
});
