import { afterAll, beforeAll, expect, it } from "vitest";
import { NOON, type Sent, TestAcceptor } from "../../support/acceptor.ts";
import { debianDatabase, type TestDatabase } from "../../support/database.ts";
import { stored } from "../../support/stored-pipeline.ts";

const at = (minutes: number) => (NOON + minutes * 60_000) / 1000;

type Event = { kind: Sent["kind"]; [field: string]: unknown };

let db: TestDatabase;
let agent: TestAcceptor;
beforeAll(async () => {
  db = await debianDatabase();
  agent = new TestAcceptor(db.pool);
});
afterAll(() => db.dispose());

interface Outcome {
  attempt: number;
  status: string;
  at: number;
  started_at?: number;
  finished_at?: number;
}

/** A run as version 0.1 stored it: its outcomes, the counts of its highest attempt, and an SLA event for each end. */
async function storedBefore(pipeline_name: string, outcomes: Outcome[], counts: { attempt: number; count: number }) {
  await agent.store.prepare({ pipeline_names: [pipeline_name], names: ["load", "", "run"], times: [NOON] });
  const one = async (text: string, values: unknown[]) => (await db.pool.query(text, values)).rows[0];
  const { pipeline_id } = await one(
    "UPDATE pipeline SET born_at = now() WHERE pipeline_name = $1 RETURNING pipeline_id",
    [pipeline_name],
  );
  const last = outcomes.at(-1)!;
  const { run_key } = await one(
    `INSERT INTO run (pipeline_id, run_id, run_order, first_at, status, attempt, started_at, finished_at, ended, ended_once)
     VALUES ($1, 'r', to_timestamp($2), to_timestamp($2), $3, $4, to_timestamp($2), to_timestamp($5), true, true)
     RETURNING run_key`,
    [pipeline_id, outcomes[0]!.at, last.status, last.attempt, last.at],
  );
  for (const { attempt, status, ...times } of outcomes) {
    await db.pool.query(
      `INSERT INTO run_outcome (run_key, attempt, status, at, started_at, finished_at, observed)
       VALUES ($1, $2, $3, to_timestamp($4), to_timestamp($5), to_timestamp($6), $7)`,
      [run_key, attempt, status, times.at, times.started_at, times.finished_at, status !== "started"],
    );
    if (status === "started") continue;
    await db.pool.query("INSERT INTO run_total AS t VALUES ($1, $2, 1)", [pipeline_id, status]);
    if (status === "retrying") continue;
    const event = [pipeline_id, run_key, status === "success", times.at];
    await db.pool.query(
      `INSERT INTO sla_event (pipeline_id, kind, subject_id, run_key, passed, at, recorded_at)
       SELECT $1, 'run', name_id, $2, $3, to_timestamp($4), now() FROM name WHERE name = 'run'`,
      event,
    );
    for (const rollup of ["hour", "day"]) {
      await db.pool.query(
        `INSERT INTO sla_${rollup} (pipeline_id, kind, ${rollup}, subject_id, total, passed, excluded)
         SELECT $1, 'run', date_trunc('${rollup}', to_timestamp($3), 'UTC'), name_id, 1, $2::boolean::int, 0
           FROM name WHERE name = 'run'`,
        [event[0], event[2], event[3]],
      );
    }
  }
  for (const [table, time] of [["run_records"], ["records_report", "at"]] as const) {
    const [columns, values] =
      time === undefined ? ["", ""] : [", pipeline_id, at, recorded_at", ", $4, to_timestamp($5), now()"];
    await db.pool.query(
      `INSERT INTO ${table} (run_key, stage_id, part_id, attempt, count${columns})
       SELECT $1, s.name_id, p.name_id, $2, $3${values} FROM name s, name p WHERE s.name = 'load' AND p.name = ''`,
      [run_key, counts.attempt, counts.count, ...(time === undefined ? [] : [pipeline_id, outcomes[0]!.at + 1])],
    );
  }
}

const send = async (pipeline_name: string, ...events: Event[]) => {
  const outcomes = await agent.send(...events.map((event) => ({ ...event, run_id: "r", pipeline_name })));
  for (const outcome of outcomes) expect(outcome).toMatchObject({ accepted: true });
};

it("a run that version 0.1 stored reads as before, and counts, when it is cleared, like any other", async () => {
  await storedBefore(
    "cleared",
    [
      { attempt: 1, status: "started", at: at(-60), started_at: at(-60) },
      { attempt: 1, status: "failed", at: at(-50), finished_at: at(-50) },
    ],
    { attempt: 1, count: 1400 },
  );
  const before = await stored(db.pool, "cleared");
  expect(before).toMatchObject({
    runs: [{ status: "failed", attempt: 1, attempts: ["1 failed"], stages: ["load 1400"] }],
    run_totals: { failed: 1 },
    sla: { total: 1, passed: 0 },
  });
  await send("cleared", { kind: "run", status: "failed", at: at(-50) });
  expect((await stored(db.pool, "cleared")).run_totals).toEqual({ failed: 1 });
  await send(
    "cleared",
    { kind: "run", status: "started", at: at(-40) },
    { kind: "records", stage: "load", count: 2000, at: at(-39) },
    { kind: "run", status: "success", at: at(-30) },
  );
  expect(await stored(db.pool, "cleared")).toMatchObject({
    runs: [{ status: "success", attempt: 2, attempts: ["1 failed", "2 success"], stages: ["load 2000"] }],
    run_totals: { failed: 1, success: 1 },
    sla: { total: 1, passed: 1 },
  });
});

it("a retried run that version 0.1 stored takes late counts of its attempt", async () => {
  await storedBefore(
    "retried",
    [
      { attempt: 1, status: "retrying", at: at(-60), finished_at: at(-60) },
      { attempt: 2, status: "success", at: at(-50), finished_at: at(-50) },
    ],
    { attempt: 2, count: 90 },
  );
  expect(await stored(db.pool, "retried")).toMatchObject({
    runs: [{ status: "success", attempt: 2, attempts: ["1 retrying", "2 success"], stages: ["load 90"] }],
  });
  await send("retried", { kind: "records", stage: "load", count: 10, attempt: 2, at: at(-55) });
  await send("retried", { kind: "records", stage: "load", count: 5, attempt: 1, at: at(-55) });
  expect(await stored(db.pool, "retried")).toMatchObject({
    runs: [{ stages: ["load 100"] }],
    run_totals: { retrying: 1, success: 1 },
    sla: { total: 1, passed: 1 },
  });
});

it("a run-less run that version 0.1 left open is ended by the next end", async () => {
  await agent.send({ kind: "records", pipeline_name: "open", stage: "load", count: 5, at: at(-60) });
  await db.pool.query("UPDATE run SET marks = NULL, last_at = NULL WHERE runless");
  await agent.send({ kind: "run", pipeline_name: "open", status: "success", at: at(-50) });
  expect((await stored(db.pool, "open")).runs).toMatchObject([{ status: "success", stages: ["load 5"] }]);
});
