import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { postgresReader } from "../../../src/adapters/postgres/read/reader.ts";
import { SERVERS, type TestDatabase } from "../../support/database.ts";
import {
  answersOf,
  CALM,
  CLOSES,
  END,
  HOUR,
  MINUTE,
  OVER,
  REFERENCE,
  SHIFTED,
  START,
  Stream,
} from "../../support/stream.ts";

describe.each(SERVERS)("drift windows on $server", ({ open }) => {
  let db: TestDatabase;
  let stream: Stream;

  beforeAll(async () => {
    db = await open();
    stream = new Stream(db.pool);
  });
  afterAll(() => db.dispose());
  beforeEach(() => stream.begin());

  it("answers on the window so far, and gives one verdict when there are rows enough", async () => {
    await stream.put("age", REFERENCE);
    const first = await stream.report(1, { age: { counts: [4, 3, 3, 1, 1] } });
    expect(first.age).toMatchObject({ verdict: "inconclusive", n_current: 12, window: { ...OVER, judged: false } });
    expect(await stream.results()).toEqual([]);
    expect(await stream.drifted()).toBeUndefined();

    const second = await stream.report(2, { age: { counts: CALM } });
    expect(second.age).toMatchObject({ verdict: "stable", n_current: 1012, window: { ...OVER, judged: true } });
    const third = await stream.report(3, { age: { counts: CALM } });
    expect(third.age).toMatchObject({ verdict: "stable", n_current: 2012, window: { ...OVER, judged: false } });
    expect(await stream.results()).toMatchObject([{ verdict: "stable", n_current: 1012, at: stream.now }]);
    expect(await stream.drifted()).toBe(0);
    await stream.expectRestored();
  });

  it("judges again when the window closes by the clock, and only where rows came since", async () => {
    await stream.put("age", REFERENCE);
    await stream.put("quiet", REFERENCE);
    await stream.put("sparse", REFERENCE);
    await stream.report(1, { age: { counts: CALM }, quiet: { counts: CALM }, sparse: { counts: [0, 1, 0, 0, 0] } });
    await stream.report(2, { age: { counts: SHIFTED.map((count) => count * 5) } });
    stream.now = CLOSES - 1;
    await stream.sweep();
    expect(await stream.results()).toHaveLength(2);
    expect(await stream.drifted()).toBe(0);

    stream.now++;
    await stream.sweep();
    const end = END;
    expect((await stream.results()).filter(({ at }) => at === end)).toMatchObject([
      { feature_name: "sparse", verdict: "inconclusive", n_current: 1, passed: null },
      { feature_name: "age", verdict: "drifted", n_current: 6000, passed: false },
    ]);
    expect(await stream.results()).toHaveLength(4);
    expect(await stream.drifted()).toBe(1);
    await stream.sweep();
    expect(await stream.results()).toHaveLength(4);
    await stream.expectRestored();
  });

  it("adds a report that is sent twice once, and answers it the same", async () => {
    await stream.put("age", REFERENCE);
    const first = await stream.agent.send(
      stream.batch(1, { age: { counts: CALM } }, { id: `${stream.pipeline_name} a` }),
    );
    await stream.report(2, { age: { counts: CALM } });
    const again = await stream.agent.send(
      stream.batch(1, { age: { counts: CALM } }, { id: `${stream.pipeline_name} a` }),
    );
    expect(again).toEqual([{ ...first[0], duplicate: true }]);
    expect(await stream.windows()).toMatchObject([{ counts: [200, 400, 600, 500, 300, 0] }]);
  });

  it("adds several reports of one commit first, and judges them as one", async () => {
    await stream.put("age", REFERENCE);
    stream.now = END - MINUTE;
    const outcomes = await stream.agent.send(
      stream.batch(1, { age: { counts: CALM } }),
      stream.batch(59, { age: { counts: SHIFTED } }, { run_id: "r2" }),
      stream.batch(60, { age: { counts: [1, 0, 0, 0, 0] } }, { run_id: "r3" }),
    );
    const [a, b, c] = outcomes.map((outcome) => answersOf(outcome).age);
    expect(a).toMatchObject({ n_current: 2000, window: { ...OVER, judged: true } });
    expect(b).toEqual(a);
    expect(c).toMatchObject({ n_current: 1, window: { start: OVER.end, judged: false } });
    expect(await stream.results()).toMatchObject([{ n_current: 2000, run_id: "r2" }]);
  });

  it("judges late rows with what they came late for, and shows it even if they make it better", async () => {
    await stream.put("age", REFERENCE);
    await stream.report(1, { age: { counts: SHIFTED } });
    stream.now = END + HOUR;
    await stream.sweep();
    expect(await stream.drifted()).toBe(1);
    const late = await stream.report(59, { age: { counts: CALM.map((count) => count * 100) } });
    expect(late.age).toMatchObject({ verdict: "stable", n_current: 101_000, window: { judged: true } });
    expect(await stream.drifted()).toBe(0);
    expect(await stream.report(59, { age: { counts: [0, 0, 0, 0, 0] } })).toMatchObject({
      age: { window: { judged: false } },
    });
    const end = END;
    expect(await stream.results()).toMatchObject([
      { verdict: "drifted" },
      { verdict: "stable", at: end, recorded_at: stream.now },
    ]);
    await stream.expectRestored();
  });

  it("closes a window once when two agents sweep at once while both take late reports", async () => {
    await stream.put("age", REFERENCE);
    await stream.report(1, { age: { counts: [1, 2, 3, 2, 1] } });
    stream.now = END + HOUR;
    const agents = [stream.agent, stream.newAgent()];
    await Promise.all([...agents, ...agents].map((one) => stream.sweep(one)));
    expect(await stream.results()).toMatchObject([{ verdict: "inconclusive", n_current: 9 }]);

    const late = agents.flatMap((one) =>
      [2, 3, 4].map((minute) => one.send(stream.batch(minute, { age: { values: [1] } }))),
    );
    await Promise.all([...late, ...agents.map((one) => stream.sweep(one))]);
    const rows = (await stream.results()).map(({ n_current }) => n_current);
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows.at(-1)).toBe(15);
  });

  it("is closed by another agent when the one that took the reports is gone", async () => {
    await stream.put("age", REFERENCE);
    await stream.report(1, { age: { counts: [1, 2, 3, 2, 1] } });
    stream.now = CLOSES;
    const heir = stream.newAgent();
    await stream.sweep(heir);
    expect(await stream.results()).toMatchObject([{ n_current: 9, at: END }]);
    expect((await heir.metrics()).get(`feature_rows{pipeline_name="${stream.pipeline_name}",feature_name="age"}`)).toBe(
      9,
    );
  });

  it("judges features that close together together", async () => {
    for (let i = 0; i < 20; i++) await stream.put(`f${i}`, REFERENCE);
    const rare = [18, 21, 20, 11, 5];
    await stream.report(
      1,
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, { counts: [1, 2, 3, 2, 1] }])),
    );
    await stream.report(2, { f0: { counts: rare.map((count, i) => count - [1, 2, 3, 2, 1][i]!) } });
    stream.now = CLOSES;
    const alone = (await stream.results()).find(({ feature_name }) => feature_name === "f0")!;
    await stream.report(3, { f0: { counts: [0, 0, 1, 0, 0] } });
    await stream.sweep();
    const together = (await stream.results()).filter(({ feature_name }) => feature_name === "f0").at(-1)!;
    expect(together.n_current).toBe(alone.n_current + 1);
    expect([alone.verdict, together.verdict]).toEqual(["drifted", "stable"]);
    // The chance that is shown is that of the feature alone.
    expect(together.p_value).toBeLessThan(0.001);
  });

  it("belongs to the latest run that brought rows", async () => {
    await stream.put("age", REFERENCE);
    await stream.report(5, { age: { counts: [1, 1, 1, 1, 1] } }, { run_id: "later" });
    await stream.report(1, { age: { counts: [1, 1, 1, 1, 1] } }, { run_id: "earlier" });
    stream.now = CLOSES;
    await stream.sweep();
    expect(await stream.results()).toMatchObject([{ run_id: "later", n_current: 10 }]);
  });

  it("keeps showing the last verdict while micro-batches, each a run of its own, end one after the other", async () => {
    await stream.put("age", REFERENCE);
    await stream.report(1, { age: { counts: SHIFTED } }, { run_id: "b1" });
    for (let i = 2; i < 8; i++) {
      await stream.report(i, { age: { counts: [1, 1, 1, 1, 1] } }, { run_id: `b${i}` });
      const at = START / 1000 + i * 60 + 30;
      await stream.agent.send({ kind: "run", ...stream.pipeline, run_id: `b${i}`, status: "success", at });
    }
    expect(await stream.drifted()).toBe(1);
    await stream.expectRestored();
    expect(await stream.results()).toMatchObject([{ run_id: "b1" }]);
    expect(await postgresReader(db.pool).latestDrift(stream.pipeline_name)).toMatchObject([
      { run_id: "b1", n_current: 1000 },
    ]);
    // Runs that bring nothing of it let it go.
    for (let i = 8; i < 11; i++) {
      const at = START / 1000 + i * 60 + 30;
      await stream.agent.send({ kind: "run", ...stream.pipeline, run_id: `b${i}`, status: "success", at });
    }
    expect(await stream.drifted()).toBeUndefined();
    await stream.expectRestored();
  });

  it("leaves features without a window alone, and adds nothing to one that does not fit", async () => {
    await stream.put("age", REFERENCE);
    await stream.put("batch", REFERENCE);
    const answer = await stream.report(1, { batch: { counts: CALM }, age: { counts: [1, 1, 1, 1, 1] } });
    expect(Object.keys(answer)).toEqual(["batch", "age"]);
    expect(answer.batch).toMatchObject({ verdict: "stable" });
    expect(answer.batch).not.toHaveProperty("window");
    expect(await stream.results()).toMatchObject([{ feature_name: "batch", at: START + MINUTE }]);
    const [outcome] = await stream.agent.send(stream.batch(2, { batch: { counts: CALM }, age: { counts: [1, 2, 3] } }));
    const features = { batch: { verdict: "stable" }, age: { verdict: "errored", code: "reference_mismatch" } };
    expect(outcome).toMatchObject({ accepted: true, answer: { features } });
    expect(await stream.windows()).toMatchObject([{ counts: [1, 1, 1, 1, 1, 0] }]);
  });

  it("deletes windows past the retention, and closes one whose run is gone without a verdict", async () => {
    await stream.put("age", REFERENCE);
    stream.now = END - MINUTE;
    await stream.report(1, { age: { counts: CALM } });
    await stream.report(61, { age: { counts: [1, 1, 1, 1, 1] } }, { run_id: "r2" });
    await stream.agent.store.dropHistory(END + 1);
    expect(await stream.windows()).toMatchObject([{ start: END }]);
    await stream.agent.store.dropHistory(END + 2 * MINUTE);
    stream.now = END + 3 * HOUR;
    await stream.sweep();
    expect(await stream.windows()).toMatchObject([{ run_id: null, closed: true }]);
    expect((await stream.results()).filter(({ n_current }) => n_current === 5)).toEqual([]);
  });
});
