import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { migrate, readMigrations } from "../../src/adapters/postgres/migrate.ts";
import { launchAgent, newDatabase, type TestAgent, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

const server = await testServer();
const agents: TestAgent[] = [];
afterAll(() => Promise.all(agents.map((agent) => agent.stop())));

/** The first migration after version 0.1. */
const FIRST_AFTER_0_1 = 6;

/** An agent on a store of before, in which these rows lie. */
async function upgraded(rows: string): Promise<TestAgent> {
  const url = await newDatabase(server);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(
    client,
    (await readMigrations()).filter(({ number }) => number < FIRST_AFTER_0_1),
  );
  await client.query(rows);
  await client.end();
  const agent = await (await launchAgent(url)).ready;
  agents.push(agent);
  return agent;
}

const NAMED_RUN = `
  INSERT INTO pipeline (pipeline_name, born_at) VALUES ('p', now() - interval '1 day');
  INSERT INTO name (name) VALUES ('load'), (''), ('null_rate');
  INSERT INTO run (run_key, pipeline_id, run_id, run_order, first_at, status, attempt, started_at, finished_at, ended, ended_once)
  VALUES (1, 1, 'd1', now() - interval '2 hours', now() - interval '2 hours', 'success', 1, now() - interval '2 hours',
          now() - interval '1 hour', true, true);
  INSERT INTO run_outcome (run_key, attempt, status, at, started_at, finished_at, observed)
  VALUES (1, 1, 'success', now() - interval '1 hour', now() - interval '2 hours', now() - interval '1 hour', true);
  INSERT INTO run_records (run_key, stage_id, part_id, attempt, count) VALUES (1, 1, 2, 1, 10);
  SELECT setval('run_run_key_seq', 10);`;

test("a run-less run that nobody ends takes no more evidence: the next failure is the named run's", async () => {
  const agent = await upgraded(`${NAMED_RUN}
    INSERT INTO run (run_key, pipeline_id, run_id, run_order, first_at, status, attempt, ended)
    VALUES (2, 1, 'auto-20261119T020000Z-0123abcd', now() - interval '3 hours', now() - interval '3 hours', 'unknown', 1, false);
    INSERT INTO run_check (run_key, check_id, at, score, threshold, severity)
    VALUES (2, 3, now() - interval '3 hours', 1, 0.95, 'error');
    UPDATE pipeline SET open_run_key = 2;`);
  const gate = new Story(agent, "p");
  expect(await gate.says("?run_id=d1")).toBe("pass");
  await gate.report("quality", { check_name: "null_rate", score: 0.1, threshold: 0.95 });
  expect(await gate.says()).toBe("block: quality_below_threshold, overall_quality_below_minimum");
  expect(await gate.says("?run_id=d1")).toBe("block: quality_below_threshold, overall_quality_below_minimum");
});

test("a run-less run with counts stays as it is, and so does one in a pipeline without any run_id", async () => {
  const agent = await upgraded(`
    INSERT INTO pipeline (pipeline_name, born_at) VALUES ('p', now() - interval '1 day');
    INSERT INTO name (name) VALUES ('null_rate');
    INSERT INTO run (run_key, pipeline_id, run_id, run_order, first_at, status, attempt, ended)
    VALUES (1, 1, 'auto-20261119T020000Z-0123abcd', now() - interval '3 hours', now() - interval '3 hours', 'unknown', 1, false);
    INSERT INTO run_check (run_key, check_id, at, score, threshold, severity)
    VALUES (1, 1, now() - interval '3 hours', 0.1, 0.95, 'error');
    UPDATE pipeline SET open_run_key = 1;
    SELECT setval('run_run_key_seq', 10);`);
  const gate = new Story(agent, "p");
  await gate.report("runs", { status: "success" });
  expect(await gate.gate()).toMatchObject({ decision: "block", run_id: "auto-20261119T020000Z-0123abcd" });
});

test("times from the future hide nothing any more: a run that fails now is the latest, and the last to have failed", async () => {
  const agent = await upgraded(`${NAMED_RUN}
    UPDATE run SET run_order = now() + interval '20 hours', started_at = now() + interval '20 hours', finished_at = now() + interval '21 hours';
    UPDATE run_outcome SET started_at = now() + interval '20 hours', finished_at = now() + interval '21 hours';
    UPDATE pipeline SET last_success_at = now() + interval '21 hours', last_success_order = now() + interval '20 hours',
                        recent_orders = ARRAY[now() + interval '20 hours'];
    INSERT INTO dataset_freshness (pipeline_id, dataset_id, data_through) VALUES (1, 1, now() + interval '20 hours');`);
  const gate = new Story(agent, "p");
  await gate.run("d2", "failed");
  expect(await gate.gate()).toMatchObject({ run_id: "d2", decision: "block" });
  const { text } = await agent.get("/metrics");
  const value = (name: string) => Number(new RegExp(`^${name}\\{pipeline_name="p".*\\}\\s+(\\S+)`, "m").exec(text)![1]);
  expect(value("pipeline_last_failure_timestamp_seconds")).toBeGreaterThan(
    value("pipeline_last_success_timestamp_seconds"),
  );
  expect(value("data_through_timestamp_seconds")).toBeLessThanOrEqual(Date.now() / 1000 + 1);
});
