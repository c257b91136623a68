import type pg from "pg";
import { afterEach, expect, test } from "vitest";
import { expectProblem } from "../http/problems.ts";
import { startAgent, type TestAgent, takeLog, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

const server = await testServer();

const agents: TestAgent[] = [];
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.stop()));
  takeLog();
});

/** A pipeline whose gate is closed. */
async function closed(): Promise<Story> {
  const agent = await startAgent(server);
  agents.push(agent);
  const story = new Story(agent, "p");
  await story.quality("1", 0.94);
  await story.run("1", "success");
  expect(await story.says()).toBe("block: quality_below_threshold");
  return story;
}

const OVERRIDE = { decision: "pass", reason: "DATA-12", actor: "anna", expires_in: "1h" };
const override = ({ agent }: Story) => agent.post("/v1/gates/p/overrides", OVERRIDE);

const PIPELINE = "SELECT FROM pipeline FOR UPDATE";

/** Connections that wait for a lock: the agent's, and those of `sessions`. */
async function waiting({ agent }: Story, count: number): Promise<void> {
  // What the agent does by the clock may wait too.
  const wait = async () =>
    (
      await agent.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
            AND (query = '${PIPELINE}' OR query LIKE '%SELECT FROM agent WHERE fence%' OR query LIKE '%INTO gate %')`,
      )
    ).length;
  await expect.poll(wait, { timeout: 120_000, interval: 20 }).toBe(count);
}

async function locking({ agent }: Story, sql: string): Promise<pg.Client> {
  const session = await agent.session();
  // The agent is the one that finds the deadlock.
  await session.query("SET deadlock_timeout = '10min'");
  await session.query(`BEGIN; ${sql}`);
  return session;
}

test("an override that ends in a deadlock is tried again, and is made", async () => {
  const story = await closed();
  const holder = await locking(story, PIPELINE);
  const opposite = await locking(story, "SELECT FROM gate FOR UPDATE");
  const answer = override(story);
  await waiting(story, 1);
  const second = opposite.query(PIPELINE);
  await waiting(story, 2);
  // The override locks the pipeline and then waits for the gate, whose holder waits for the pipeline.
  await holder.query("ROLLBACK");
  await second;
  await opposite.query("ROLLBACK");
  expect(await answer).toMatchObject({ status: 201 });
  expect(await story.says()).toBe("pass: quality_below_threshold");
  const deadlocks = async () => {
    const [row] = await story.agent.query<{ deadlocks: number }>(
      "SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()",
    );
    return row!.deadlocks;
  };
  await expect.poll(deadlocks, { timeout: 120_000 }).toBeGreaterThan(0);
  expect((await story.agent.get("/v1/gates/p/overrides")).body).toMatchObject({ items: [{ actor: "anna" }] });
});

async function setStandby({ agent }: Story, name: string): Promise<void> {
  const session = await agent.session();
  await session.query(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
  await session.query("SELECT pg_reload_conf()");
  const now = async () => (await session.query("SHOW synchronous_standby_names")).rows[0].synchronous_standby_names;
  await expect.poll(now).toBe(name);
}

/** Commits, and loses the answer: a commit that waits for a standby is done, and its connection is ended. */
async function losing<T>(story: Story, change: () => Promise<T>, meanwhile: () => Promise<void>): Promise<T> {
  await setStandby(story, "nobody");
  try {
    const answer = change();
    const end = async () =>
      (
        await story.agent.query(`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event = 'SyncRep' AND query = 'COMMIT'`)
      ).length;
    await expect.poll(end, { timeout: 120_000, interval: 20 }).toBe(1);
    const answered = await answer;
    await meanwhile();
    return answered;
  } finally {
    await setStandby(story, "");
  }
}

test("an override whose commit was not answered is shown by itself, since it was made", async () => {
  const story = await closed();
  const answer = await losing(
    story,
    () => override(story),
    async () => expect(await story.says()).toBe("block: quality_below_threshold"),
  );
  expectProblem(answer, "store_unavailable", /./);
  await expect.poll(() => story.says(), { timeout: 120_000 }).toBe("pass: quality_below_threshold");
  expect((await story.agent.get("/metrics")).text).toMatch(/^gate_allowed\{pipeline_name="p"\} +1$/m);
});

test("a pipeline whose archiving was not answered leaves by itself, since it is archived, and comes back with a report", async () => {
  const story = await closed();
  const { agent } = story;
  const series = async () => (await agent.get("/metrics")).text.match(/^.*pipeline_name="p".*$/gm)?.length ?? 0;
  const answer = await losing(
    story,
    () => agent.send({ method: "DELETE", path: "/v1/pipelines/p" }),
    async () => expect(await series()).toBeGreaterThan(0),
  );
  expectProblem(answer, "store_unavailable", /./);
  await expect.poll(series, { timeout: 120_000 }).toBe(0);
  expect((await agent.get("/v1/gates")).body).toMatchObject({ items: [] });
  await story.quality("2", 1);
  expect(await series()).toBeGreaterThan(0);
});
