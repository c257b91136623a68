import { beforeAll, expect, it } from "vitest";
import type { Reader, Store } from "../../../../src/ports.ts";
import { NOON, restored, type TestAcceptor } from "../../../support/acceptor.ts";
import { EVERY, type OpenStore, type WrittenStore } from "./open-store.ts";

const at = (minutes: number) => (NOON + minutes * 60_000) / 1000;

/** What is said twice, late, or not at all any more; what is refused; and what a restart knows of it all. */
export function reportsContract(open: () => WrittenStore): void {
  let store: Store;
  let reader: Reader;
  let refuse: OpenStore["refuse"];
  let agent: TestAcceptor;
  beforeAll(() => {
    ({ store, reader, refuse, agent } = open());
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
    // What could not be computed is no result.
    expect(await reader.listQuality({ ...EVERY, pipeline_name })).toHaveLength(2);
  });

  it("refuses one report that the database refuses and keeps its neighbours", async () => {
    await agent.send({ kind: "quality", pipeline_name: "poison", check_name: "c", score: 1, at: at(-1) });
    const acceptAgain = await refuse(0.123);
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
    await acceptAgain();
    expect(outcomes.filter(({ accepted }) => accepted)).toHaveLength(999);
    expect(outcomes[637]).toMatchObject({ accepted: false, error: { code: "unstorable_report" } });
    expect(await reader.listQuality({ ...EVERY, pipeline_name: null, allowed: ["^poison-"] })).toHaveLength(999);
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
    await store.dropHistory(NOON - 30 * 86_400_000);
    const [again] = await agent.send({ ...report, status: "success", data_interval_end: Date.UTC(2023, 0, 3) / 1000 });
    expect(again).toMatchObject({ accepted: true });
    expect((await agent.metrics()).get('pipeline_runs_total{pipeline_name="old interval",status="success"}')).toBe(1);
  });

  it("restores the very metrics it showed", async () => {
    expect(await restored(store)).toEqual(await agent.metrics());
  });
}
