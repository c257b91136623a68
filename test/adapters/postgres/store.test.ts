import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { speakingRecords } from "../../../src/adapters/postgres/runs/speaking-evidence.ts";
import { NOON, restored, TestAcceptor } from "../../support/acceptor.ts";
import { SERVERS, type TestDatabase } from "../../support/database.ts";
import { dump } from "../../support/dump.ts";

const at = (minutes: number) => (NOON + minutes * 60_000) / 1000;

describe.each(SERVERS)("the store on $server", ({ open }) => {
  let db: TestDatabase;
  let agent: TestAcceptor;

  beforeAll(async () => {
    db = await open();
    agent = new TestAcceptor(db.pool);
  });
  afterAll(() => db.dispose());

  it("shows the worked example: 50000 extracted, 48000 transformed, 47500 loaded, 50 nulls and 49800 valid", async () => {
    const pipeline_name = "orders_daily";
    const run_id = "2026-11-20";
    await agent.send(
      { kind: "run", pipeline_name, run_id, status: "started", at: at(-10) },
      { kind: "records", pipeline_name, run_id, stage: "extract", count: 50_000, at: at(-9) },
      { kind: "records", pipeline_name, run_id, stage: "transform", count: 48_000, at: at(-8) },
      { kind: "records", pipeline_name, run_id, stage: "load", count: 47_500, at: at(-7) },
      {
        kind: "quality",
        pipeline_name,
        run_id,
        check_name: "null_rate",
        score: 1 - 50 / 50_000,
        threshold: 0.95,
        at: at(-6),
      },
      {
        kind: "quality",
        pipeline_name,
        run_id,
        check_name: "schema_compliance",
        score: 49_800 / 50_000,
        threshold: 0.99,
        at: at(-6),
      },
      { kind: "latency", pipeline_name, run_id, seconds: [0.02, 0.3], at: at(-6) },
      { kind: "run", pipeline_name, run_id, status: "success", at: at(-5) },
    );
    const metrics = await agent.metrics();
    const label = 'pipeline_name="orders_daily"';
    expect(metrics.get(`pipeline_runs_total{${label},status="success"}`)).toBe(1);
    expect(metrics.get(`pipeline_runs_total{${label},status="failed"}`)).toBe(0);
    expect(metrics.get(`pipeline_duration_seconds_bucket{${label},le="120.0"}`)).toBe(0);
    expect(metrics.get(`pipeline_duration_seconds_bucket{${label},le="300.0"}`)).toBe(1);
    expect(metrics.get(`pipeline_duration_seconds_sum{${label}}`)).toBe(300);
    expect(metrics.get(`records_processed_total{${label},stage="load"}`)).toBe(47_500);
    expect(metrics.get(`data_quality_score{${label},check_name="null_rate"}`)).toBe(0.999);
    expect(metrics.get(`data_quality_score{${label},check_name="schema_compliance"}`)).toBe(0.996);
    expect(metrics.get(`vector_search_latency_seconds_bucket{${label},le="0.05"}`)).toBe(1);
    expect(metrics.get(`vector_search_latency_seconds_bucket{${label},le="0.5"}`)).toBe(2);
    const { rows } = await db.pool.query(
      "SELECT check_name, score, threshold, passed FROM data_quality_sla ORDER BY 1",
    );
    expect(rows).toEqual([
      { check_name: "null_rate", score: 0.999, threshold: 0.95, passed: true },
      { check_name: "schema_compliance", score: 0.996, threshold: 0.99, passed: true },
    ]);
  });

  it("counts each (run, attempt, status) once, and a failed attempt that is retried not as a failed run", async () => {
    const run = { kind: "run" as const, pipeline_name: "retried", run_id: "r1" };
    await agent.send({ ...run, status: "failed", will_retry: true, attempt: 1, at: at(-30), duration_seconds: 5 });
    await agent.send({ ...run, status: "failed", will_retry: true, attempt: 1, at: at(-30), duration_seconds: 5 });
    const [last] = await agent.send({ ...run, status: "success", attempt: 2, at: at(-20), duration_seconds: 70 });
    expect(last).toMatchObject({ answer: { run: { status: "success", attempt: 2, duration_seconds: 70 } } });
    const metrics = await agent.metrics();
    expect(metrics.get('pipeline_runs_total{pipeline_name="retried",status="retrying"}')).toBe(1);
    expect(metrics.get('pipeline_runs_total{pipeline_name="retried",status="failed"}')).toBe(0);
    expect(metrics.get('pipeline_runs_total{pipeline_name="retried",status="success"}')).toBe(1);
    expect(metrics.get('pipeline_duration_seconds_count{pipeline_name="retried"}')).toBe(2);
    expect(metrics.get('pipeline_last_failure_timestamp_seconds{pipeline_name="retried"}')).toBe(0);
  });

  it("lets the highest try of a part speak alone, and counts all work in the total", async () => {
    const records = { kind: "records" as const, pipeline_name: "parts", run_id: "r1", stage: "load" };
    await agent.send(
      { ...records, part: "a", count: 10, attempt: 1 },
      { ...records, part: "a", count: 5, attempt: 1, failed: 1 },
    );
    await agent.send({ ...records, part: "b", count: 7, attempt: 1 }, { ...records, part: "a", count: 20, attempt: 2 });
    await agent.send({ ...records, part: "a", count: 3, attempt: 1 }, { ...records, part: "a", count: 1, attempt: 2 });
    const { rows } = await db.pool.query(
      `SELECT n.name AS part, s.count, s.failed FROM run r JOIN pipeline USING (pipeline_id)
        CROSS JOIN LATERAL ${speakingRecords("r")} s JOIN name n ON n.name_id = s.part_id
        WHERE pipeline_name = 'parts' ORDER BY 1`,
    );
    expect(rows).toEqual([
      { part: "a", count: 21, failed: null },
      { part: "b", count: 7, failed: null },
    ]);
    expect((await agent.metrics()).get('records_processed_total{pipeline_name="parts",stage="load"}')).toBe(46);
    expect((await agent.metrics()).get('records_failed_total{pipeline_name="parts",stage="load"}')).toBe(1);
  });

  it("answers the first outcome to a report that is sent again, and refuses the id for another report", async () => {
    const report = { kind: "run" as const, id: "id-1", pipeline_name: "repeated", status: "started", at: at(-3) };
    const [first] = await agent.send(report);
    const [again] = await agent.send(report);
    expect(first).toMatchObject({ accepted: true, duplicate: false });
    expect(again).toEqual({ ...first, duplicate: true });
    const [other, same, different] = await agent.send(
      { ...report, status: "success" },
      { ...report, id: "id-2" },
      { ...report, id: "id-2", at: at(-2) },
    );
    expect(other).toMatchObject({ accepted: false, error: { code: "report_conflict" } });
    expect(same).toMatchObject({ accepted: true, duplicate: false });
    expect(different).toMatchObject({ accepted: false, error: { code: "report_conflict" } });
  });

  it("gives run-less evidence to the run-less run that was open then, which the next run-less end closes", async () => {
    const pipeline_name = "runless";
    const [started] = await agent.send({ kind: "run", pipeline_name, status: "started", at: at(-2) });
    await agent.send({ kind: "records", pipeline_name, stage: "load", count: 1, at: at(-1.5) });
    await agent.send({ kind: "quality", pipeline_name, check_name: "c", score: 1, at: at(-1.2) });
    const [ended] = await agent.send({ kind: "run", pipeline_name, status: "failed", at: at(-1) });
    const [next] = await agent.send({ kind: "run", pipeline_name, status: "success", at: at(0) });
    const run = (outcome: unknown) => (outcome as { answer: { run: { run_id: string; status: string } } }).answer.run;
    expect(run(ended).run_id).toBe(run(started).run_id);
    expect(run(next).run_id).not.toBe(run(ended).run_id);
    const { rows } = await db.pool.query(
      `SELECT status, (SELECT count(*) FROM run_check c WHERE c.run_key = r.run_key) AS checks,
              (SELECT count(*) FROM run_records s WHERE s.run_key = r.run_key) AS stages
         FROM run r JOIN pipeline USING (pipeline_id) WHERE pipeline_name = 'runless' ORDER BY run_order`,
    );
    expect(rows).toEqual([
      { status: "failed", checks: 1, stages: 1 },
      { status: "success", checks: 0, stages: 0 },
    ]);
  });

  it("does not let a backfill of older intervals move gauges, but counts it", async () => {
    const pipeline_name = "backfilled";
    const day = (n: number, minutes: number, more: object) => ({
      pipeline_name,
      run_id: `day-${n}`,
      data_interval_end: NOON / 1000 - (10 - n) * 86_400,
      at: at(minutes),
      ...more,
    });
    const run = (n: number, minutes: number, status: string) => ({
      kind: "run" as const,
      ...day(n, minutes, { status }),
    });
    const check = (n: number, minutes: number, score: number) => {
      const { data_interval_end: _, ...rest } = day(n, minutes, { check_name: "c", score });
      return { kind: "quality" as const, ...rest };
    };
    await agent.send(run(8, -60, "started"), check(8, -59, 0.8), run(8, -58, "success"));
    await agent.send(run(9, -50, "started"), check(9, -49, 0.9), run(9, -48, "success"));
    await agent.send(run(2, -40, "started"), check(2, -39, 0.2), run(2, -38, "failed"));
    const metrics = await agent.metrics();
    expect(metrics.get('data_quality_score{pipeline_name="backfilled",check_name="c"}')).toBe(0.9);
    expect(metrics.get('pipeline_last_failure_timestamp_seconds{pipeline_name="backfilled"}')).toBe(0);
    expect(metrics.get('pipeline_last_success_timestamp_seconds{pipeline_name="backfilled"}')).toBe(at(-48));
    expect(metrics.get('pipeline_runs_total{pipeline_name="backfilled",status="failed"}')).toBe(1);
  });

  it("drops a check's gauges after three finished runs without it, and a check that could not be computed at once", async () => {
    const pipeline_name = "expiring";
    const gauge = async () =>
      (await agent.metrics()).get('data_quality_score{pipeline_name="expiring",check_name="c"}');
    const finish = (n: number) =>
      agent.send({ kind: "run", pipeline_name, run_id: `r${n}`, status: "success", at: at(-100 + n) });
    await agent.send({ kind: "quality", pipeline_name, run_id: "r0", check_name: "c", score: 0.5, at: at(-100) });
    await finish(0);
    await finish(1);
    await finish(2);
    expect(await gauge()).toBe(0.5);
    await finish(3);
    expect(await gauge()).toBeUndefined();
    await agent.send({ kind: "quality", pipeline_name, run_id: "r4", check_name: "c", score: 0.7, at: at(-90) });
    expect(await gauge()).toBe(0.7);
    await agent.send({
      kind: "quality",
      pipeline_name,
      run_id: "r4",
      check_name: "c",
      score: null,
      error: "no rows",
      at: at(-89),
    });
    expect(await gauge()).toBeUndefined();
    const { rows } = await db.pool.query("SELECT count(*) AS n FROM data_quality_sla WHERE pipeline_name = 'expiring'");
    expect(rows).toEqual([{ n: 2 }]);
  });

  it("refuses one report that the database refuses and keeps its neighbours", async () => {
    await agent.send({ kind: "quality", pipeline_name: "poison", check_name: "c", score: 1, at: at(-1) });
    await db.pool.query("ALTER TABLE quality_result ADD CONSTRAINT poison CHECK (threshold <> 0.123)");
    const reports = Array.from({ length: 1000 }, (_, i) => ({
      kind: "quality" as const,
      id: `poison-${i}`,
      pipeline_name: `poison-${i % 50}`,
      check_name: "c",
      score: 1,
      threshold: i === 637 ? 0.123 : 0.5,
      at: at(-1),
    }));
    const outcomes = await agent.send(...reports);
    await db.pool.query("ALTER TABLE quality_result DROP CONSTRAINT poison");
    expect(outcomes.filter(({ accepted }) => accepted)).toHaveLength(999);
    expect(outcomes[637]).toMatchObject({ accepted: false, error: { code: "unstorable_report" } });
    const { rows } = await db.pool.query(
      "SELECT count(*) AS n FROM data_quality_sla WHERE pipeline_name LIKE 'poison-%'",
    );
    expect(rows).toEqual([{ n: 999 }]);
  });

  it("stores four 200-character names in another script in one key", async () => {
    const name = (letter: string) => letter.repeat(200);
    const [outcome] = await agent.send({
      kind: "records",
      pipeline_name: name("д"),
      run_id: name("字"),
      stage: name("ก"),
      part: name("😀"),
      count: 1,
    });
    expect(outcome).toMatchObject({ accepted: true });
  });

  it("keeps a backfill of an interval that is older than the retention: it was heard of today", async () => {
    const report = {
      kind: "run" as const,
      pipeline_name: "old interval",
      run_id: "r1",
      duration_seconds: 5,
      at: at(-1),
    };
    await agent.send({ ...report, status: "success", data_interval_end: Date.UTC(2023, 0, 3) / 1000 });
    await agent.store.dropHistory(NOON - 30 * 86_400_000);
    const [again] = await agent.send({ ...report, status: "success", data_interval_end: Date.UTC(2023, 0, 3) / 1000 });
    expect(again).toMatchObject({ accepted: true });
    expect((await agent.metrics()).get('pipeline_runs_total{pipeline_name="old interval",status="success"}')).toBe(1);
  });

  it("restores the very metrics it showed", async () => {
    expect(await restored(agent.store)).toEqual(await agent.metrics());
  });

  it("keeps rollups equal to the rows", async () => {
    const tables = await dump(db.pool);
    const { rows } = await db.pool.query(
      `SELECT h.kind, h.total AS hours, d.total AS days, d.passed
         FROM (SELECT kind, sum(total) AS total FROM sla_hour GROUP BY kind) h
         JOIN (SELECT kind, sum(total) AS total, sum(passed) AS passed FROM sla_day GROUP BY kind) d USING (kind)
        ORDER BY h.kind`,
    );
    const events = tables.sla_event!.map((row) => JSON.parse(row)).filter(({ kind }) => kind === "run");
    const quality = tables.data_quality_sla!.map((row) => JSON.parse(row));
    const sums = (judged: { passed: boolean }[]) => {
      return { hours: judged.length, days: judged.length, passed: judged.filter(({ passed }) => passed).length };
    };
    expect(rows).toEqual([
      { kind: "quality", ...sums(quality) },
      { kind: "run", ...sums(events) },
    ]);
  });

  it("makes a month again that was dropped behind its back", async () => {
    const report = {
      kind: "quality" as const,
      pipeline_name: "dropped",
      check_name: "c",
      score: 1,
      at: at(-60 * 24 * 100),
    };
    await agent.send(report);
    const { rows } = await db.pool.query(
      "SELECT tableoid::regclass::text AS name FROM quality_result ORDER BY checked_at LIMIT 1",
    );
    await db.pool.query(`DROP TABLE ${rows[0].name}`);
    expect(await agent.send(report)).toMatchObject([{ accepted: true }]);
  });
});
