import { beforeAll, expect, it } from "vitest";
import type { Reader } from "../../../../src/ports.ts";
import { NOON, type TestAcceptor } from "../../../support/acceptor.ts";
import { EVERY, type WrittenStore } from "./open-store.ts";

const at = (minutes: number) => (NOON + minutes * 60_000) / 1000;

/** What the reports of each kind leave behind, and with which run. */
export function evidenceContract(open: () => WrittenStore): void {
  let reader: Reader;
  let agent: TestAcceptor;
  beforeAll(() => {
    ({ reader, agent } = open());
  });

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
    const results = await reader.listQuality({ ...EVERY, pipeline_name });
    expect(results.sort((a, b) => a.score - b.score)).toMatchObject([
      { check_name: "schema_compliance", score: 0.996, threshold: 0.99, passed: true, run_id },
      { check_name: "null_rate", score: 0.999, threshold: 0.95, passed: true, run_id },
    ]);
  });

  it("keeps the greatest moment that data reached, and how it was reported", async () => {
    const pipeline_name = "fresh";
    const report = { kind: "freshness" as const, pipeline_name, dataset: "orders" };
    await agent.send(
      { ...report, data_through: at(-30), at: at(-20) },
      { ...report, data_through: at(-60), at: at(-10) },
    );
    await agent.send({ ...report, dataset: "returns", data_through: at(-90), at: at(-5) });
    const pipeline = await reader.readPipeline(pipeline_name);
    expect(pipeline!.datasets).toEqual([
      { dataset: "orders", data_through: NOON - 30 * 60_000 },
      { dataset: "returns", data_through: NOON - 90 * 60_000 },
    ]);
  });

  it("keeps verdicts on drift with their run, and shows the newest of each feature", async () => {
    const pipeline_name = "drifting";
    const reference = { edges: [0, 20, 40, 60], counts: [300, 400, 300] };
    const report = (minutes: number, run_id: string, counts: number[]) => ({
      kind: "drift" as const,
      pipeline_name,
      run_id,
      at: at(minutes),
      features: { age: { counts, edges: reference.edges, reference } },
    });
    await agent.send(report(-9, "r1", [900, 80, 20]));
    await agent.send(report(-8, "r2", [300, 400, 300]));
    const history = await reader.driftHistory({ ...EVERY, pipeline_name, feature_name: "age" });
    expect(history).toMatchObject([
      { run_id: "r2", verdict: "stable", psi: 0, counts: expect.anything() },
      { run_id: "r1", verdict: "drifted", counts: expect.anything() },
    ]);
    expect(await reader.latestDrift(pipeline_name)).toMatchObject([{ feature_name: "age", run_id: "r2" }]);
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
    const run = await reader.readRun("parts", "r1");
    expect(run!.stages).toEqual([{ stage: "load", count: 21 + 7, failed: null, expected_min: null }]);
    expect((await agent.metrics()).get('records_processed_total{pipeline_name="parts",stage="load"}')).toBe(46);
    expect((await agent.metrics()).get('records_failed_total{pipeline_name="parts",stage="load"}')).toBe(1);
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
    const runs = await Promise.all([started, next].map((one) => reader.readRun(pipeline_name, run(one).run_id)));
    expect(runs).toMatchObject([
      { status: "failed", checks: [{ check_name: "c", score: 1 }], stages: [{ stage: "load", count: 1 }] },
      { status: "success", checks: [], stages: [] },
    ]);
    expect(await reader.listRuns({ ...EVERY, pipeline_name, status: null })).toHaveLength(2);
  });
}
