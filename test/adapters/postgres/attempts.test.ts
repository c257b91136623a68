import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gateEvidence } from "../../../src/adapters/postgres/read/gates.ts";
import { DEFAULT_POLICY } from "../../../src/domain/gate/policy/policy.ts";
import { decideRow } from "../../../src/service/gate/decide/decide-row.ts";
import { NOON, restored, type Sent, TestAcceptor } from "../../support/acceptor.ts";
import { debianDatabase, type TestDatabase } from "../../support/database.ts";
import { ordersOf } from "../../support/orders.ts";
import { stored } from "../../support/stored-pipeline.ts";

const at = (minutes: number) => (NOON + minutes * 60_000) / 1000;

type Event = Omit<Sent, "pipeline_name" | "id">;
const run = (status: string, minutes: number, more: object = {}): Event => ({
  kind: "run",
  run_id: "r",
  status,
  at: at(minutes),
  ...more,
});
const rows = (count: number, minutes: number, more: object = {}): Event => ({
  kind: "records",
  run_id: "r",
  stage: "load",
  count,
  at: at(minutes),
  ...more,
});
const check = (score: number, minutes: number, more: object = {}): Event => ({
  kind: "quality",
  run_id: "r",
  check_name: "complete",
  score,
  at: at(minutes),
  ...more,
});

let db: TestDatabase;
let agent: TestAcceptor;
beforeAll(async () => {
  db = await debianDatabase();
  agent = new TestAcceptor(db.pool);
});
afterAll(() => db.dispose());

async function send(pipeline_name: string, ...events: Event[]): Promise<unknown[]> {
  const outcomes = await agent.send(...events.map((event) => ({ ...event, pipeline_name }) as Sent));
  for (const outcome of outcomes) expect(outcome).toMatchObject({ accepted: true });
  return outcomes;
}

/** Each order of the events goes to a pipeline of its own, an event a commit. Answers how many ends there are, and one. */
async function inEveryOrder(name: string, events: readonly Event[]): Promise<{ ends: number; first: object }> {
  const orders = ordersOf(events);
  for (let step = 0; step < events.length; step++) {
    await agent.send(...orders.map((order, i) => ({ ...order[step]!, pipeline_name: `${name} ${i}` }) as Sent));
  }
  const ends: Awaited<ReturnType<typeof stored>>[] = [];
  for (let i = 0; i < orders.length; i++) ends.push(await stored(db.pool, `${name} ${i}`));
  return { ends: new Set(ends.map((end) => JSON.stringify(end))).size, first: ends[0]! };
}

async function gate(pipeline_name: string, run_id?: string) {
  const ask = {
    pipeline_name,
    now: NOON,
    any_run: false,
    attach: DEFAULT_POLICY,
    ...(run_id === undefined ? {} : { run_id }),
  };
  const row = await gateEvidence(db.pool, ask);
  const { decision, reasons } = decideRow(row!, DEFAULT_POLICY, { now: NOON, while_running: false });
  return { decision, codes: reasons.map(({ code }) => code), evidence: row!.evidence };
}

describe("in each of the 720 orders of six events", () => {
  it("a run that failed, was cleared and succeeded has the counts of its second attempt, and counts the same", async () => {
    const { ends, first } = await inEveryOrder("cleared", [
      run("started", -60),
      rows(1400, -55, { expected_min: 2000 }),
      run("failed", -50, { duration_seconds: 600 }),
      run("started", -40),
      rows(2000, -35, { expected_min: 2000 }),
      run("success", -30, { duration_seconds: 500 }),
    ]);
    expect(ends).toBe(1);
    expect(first).toMatchObject({
      runs: [{ status: "success", attempt: 2, attempts: ["1 failed", "2 success"], stages: ["load 2000 of 2000"] }],
      run_totals: { failed: 1, success: 1 },
      durations: 2,
      records_total: 3400,
      sla: { total: 1, passed: 1, excluded: 0 },
    });
  });

  it("a check that failed in the first attempt does not speak in the second, and numbers may be said in between", async () => {
    const { ends, first } = await inEveryOrder("numbers", [
      run("started", -60, { attempt: 1 }),
      check(0.1, -55),
      run("failed", -50),
      run("started", -40, { attempt: 2 }),
      check(1, -35, { attempt: 2 }),
      run("success", -30),
    ]);
    expect(ends).toBe(1);
    expect(first).toMatchObject({
      runs: [{ status: "success", attempt: 2, attempts: ["1 failed", "2 success"], checks: ["complete 1"] }],
      run_totals: { failed: 1, success: 1 },
      sla: { total: 1, passed: 1 },
    });
  });

  it("a crash without a run_id does not leak into the next run, and a check after its end belongs to no run", async () => {
    const runless = (event: Event): Event => {
      const { run_id: _, ...rest } = event;
      return rest as Event;
    };
    const { ends, first } = await inEveryOrder(
      "crashed",
      [
        run("started", -60),
        rows(1400, -55),
        run("started", -40),
        rows(2000, -35),
        run("success", -30),
        rows(7, -20),
      ].map(runless),
    );
    expect(ends).toBe(1);
    expect(first).toMatchObject({
      runs: [
        { status: "unknown", stages: ["load 1400"] },
        { status: "success", stages: ["load 2000"] },
        { status: "unknown", stages: ["load 7"] },
      ],
      run_totals: { success: 1 },
      records_total: 3407,
    });
  });

  it("a run-less check joins the run that was open when it was true, whichever came first", async () => {
    await agent.send({ kind: "run", pipeline_name: "joined", run_id: "named", status: "success", at: at(-90) });
    const orders = ordersOf<Event>([
      { kind: "run", status: "started", at: at(-60) },
      { kind: "quality", check_name: "complete", score: 0.9, at: at(-55) },
      { kind: "records", stage: "load", count: 5, at: at(-50) },
      { kind: "run", status: "success", at: at(-45) },
      { kind: "quality", check_name: "complete", score: 0.1, at: at(-40) },
      { kind: "records", stage: "load", count: 6, at: at(-30) },
    ]);
    const names = orders.map((_, i) => `joined ${i}`);
    await agent.send(
      ...names.map((pipeline_name) => {
        return { kind: "run" as const, pipeline_name, run_id: "named", status: "success", at: at(-90) };
      }),
    );
    for (let step = 0; step < 6; step++) {
      await agent.send(...orders.map((order, i) => ({ ...order[step]!, pipeline_name: names[i]! }) as Sent));
    }
    const ends: Awaited<ReturnType<typeof stored>>[] = [];
    for (const name of names) ends.push(await stored(db.pool, name));
    expect(new Set(ends.map((end) => JSON.stringify(end))).size).toBe(1);
    expect(ends[0]).toMatchObject({
      runs: [
        { status: "success", checks: [] },
        { status: "success", checks: ["complete 0.9"], stages: ["load 5"] },
        { status: "unknown", checks: [], stages: ["load 6"] },
      ],
      loose: ["complete 0.1"],
    });
  });
});

describe("a run_id that is used again", () => {
  it("by a command that failed once and then was good: passes with 2,000, not with 3,400", async () => {
    const exec = (status: string, start: number, end: number) =>
      run(status, end, { attempt: 1, started_at: at(start), finished_at: at(end) });
    await send("exec", run("started", -60, { attempt: 1, started_at: at(-60) }), rows(1400, -59, { attempt: 1 }));
    await send("exec", exec("failed", -60, -58));
    expect(await gate("exec")).toMatchObject({ decision: "block", codes: ["run_failed"] });
    await send("exec", run("started", -50, { attempt: 1, started_at: at(-50) }));
    await send("exec", rows(2000, -49, { attempt: 1, expected_min: 2000 }), exec("success", -50, -48));
    const { decision, evidence } = await gate("exec");
    expect(decision).toBe("pass");
    expect(evidence.stages).toMatchObject([{ stage: "load", count: 2000 }]);
  });

  it("by a good run: is not loaded twice", async () => {
    for (const start of [-60, -50])
      await send("twice", run("started", start), rows(1000, start + 1), run("success", start + 2));
    expect((await gate("twice")).evidence.stages).toMatchObject([{ count: 1000 }]);
  });

  it("does not pass on the evidence of the attempt before", async () => {
    await send("nothing", run("started", -60), check(1, -59), rows(10, -59), run("success", -58));
    expect((await gate("nothing")).decision).toBe("pass");
    await send("nothing", run("started", -50), run("success", -48));
    expect(await gate("nothing")).toMatchObject({ decision: "unknown", codes: ["no_evidence"] });
  });

  it("is not blocked for ever by a check that failed once", async () => {
    await send("mended", run("started", -60), check(0.1, -59), run("success", -58));
    expect((await gate("mended")).decision).toBe("block");
    await send("mended", run("started", -50), rows(5, -49), run("success", -48));
    expect((await gate("mended")).decision).toBe("pass");
  });

  it("keeps what stands where it resumes", async () => {
    await send(
      "resumed",
      run("started", -60),
      rows(10, -59, { part: "a" }),
      rows(20, -59, { part: "b" }),
      check(1, -59),
    );
    await send("resumed", run("failed", -58), run("started", -50, { resumes: true }), rows(21, -49, { part: "b" }));
    await send("resumed", run("success", -48));
    const { evidence } = await gate("resumed");
    expect(evidence.stages).toMatchObject([{ count: 31 }]);
    expect(evidence.checks).toMatchObject([{ check_name: "complete", score: 1 }]);
    // That it resumes may be said as late as in its end.
    await send("resumes late", run("started", -60), rows(10, -59), run("failed", -58), run("started", -50));
    expect((await gate("resumes late", "r")).evidence.stages).toEqual([]);
    await send("resumes late", run("success", -48, { resumes: true }));
    expect((await gate("resumes late")).evidence.stages).toMatchObject([{ count: 10 }]);
  });

  it("lets the greatest try of a part, check and feature speak alone", async () => {
    await send("tries", run("started", -60), rows(7, -59, { try: 1 }), check(0.1, -58, { try: 1 }));
    await send("tries", rows(9, -57, { try: 2 }), rows(1, -57, { try: 2 }), check(0.95, -56, { try: 2 }));
    await send("tries", rows(100, -55, { try: 1 }), check(0.2, -54, { try: 1 }), run("success", -50));
    const { evidence, decision } = await gate("tries");
    expect(decision).toBe("pass");
    expect(evidence.stages).toMatchObject([{ count: 10 }]);
    expect(evidence.checks).toMatchObject([{ score: 0.95 }]);
    const score = 'data_quality_score{pipeline_name="tries",check_name="complete"}';
    expect((await agent.metrics()).get(score)).toBe(0.95);
    expect((await restored(agent.store)).get(score)).toBe(0.95);
  });

  it("takes the number of a task for its try where no run report says it", async () => {
    await send(
      "recipe",
      run("started", -60),
      rows(7, -59, { attempt: 1, stage: "extract" }),
      rows(5, -58, { attempt: 1 }),
    );
    await send("recipe", rows(6, -57, { attempt: 2 }), check(1, -56, { attempt: 1 }), run("success", -50));
    const { evidence } = await gate("recipe");
    expect(evidence.run).toMatchObject({ attempt: 1, status: "success" });
    expect(evidence.stages).toMatchObject([
      { stage: "extract", count: 7 },
      { stage: "load", count: 6 },
    ]);
  });

  it("adds the minima of parts, and takes the greatest that is said of a stage", async () => {
    const part = (name: string, more: object) => rows(10, -59, { part: name, ...more });
    await send("parts", part("a", { expected_min: 8 }), part("b", { expected_min: 9 }), run("success", -50));
    expect((await gate("parts")).evidence.stages).toMatchObject([{ count: 20, expected_min: 17 }]);
    const said = { expected_min: 18, expected_min_of: "stage" };
    await send("stage", part("a", said), part("b", said), run("success", -50));
    expect((await gate("stage")).evidence.stages).toMatchObject([{ count: 20, expected_min: 18 }]);
  });

  it("brings features with it when an attempt becomes known late", async () => {
    const reference = { counts: [1000, 2000, 3000, 2500, 1500] };
    const drift = (counts: number[], minutes: number): Event => {
      return { kind: "drift", run_id: "r", at: at(minutes), features: { age: { counts, reference } } };
    };
    await send(
      "features",
      run("started", -60),
      drift([3000, 2500, 2000, 1500, 1000], -55),
      drift(reference.counts, -35),
    );
    await send("features", run("success", -30), run("failed", -50));
    expect((await gate("features")).evidence.features).toMatchObject([{ verdict: "stable" }]);
    await send("features", run("started", -40));
    expect((await gate("features")).evidence.features).toMatchObject([{ verdict: "stable" }]);
    await send("features", run("started", -20), run("success", -10));
    expect((await gate("features")).evidence.features).toEqual([]);
  });
});

describe("the SLA of runs", () => {
  it("counts a run that failed, was cleared and succeeded once, as what it said last", async () => {
    await send("sla", run("started", -600), run("failed", -590));
    expect((await stored(db.pool, "sla")).sla).toEqual({ total: 1, passed: 0, excluded: 0 });
    await send("sla", run("started", -60));
    expect((await stored(db.pool, "sla")).sla).toEqual({ total: 1, passed: 0, excluded: 0 });
    await send("sla", run("success", -50));
    expect((await stored(db.pool, "sla")).sla).toEqual({ total: 1, passed: 1, excluded: 0 });
    const { rows: days } = await db.pool.query(
      "SELECT total FROM sla_day JOIN pipeline USING (pipeline_id) WHERE pipeline_name = 'sla' AND kind = 'run'",
    );
    expect(days).toEqual([{ total: 1 }]);
  });

  it("leaves out what was cancelled or skipped", async () => {
    await send(
      "left out",
      run("success", -60),
      run("cancelled", -50, { run_id: "c" }),
      run("skipped", -40, { run_id: "s" }),
    );
    expect((await stored(db.pool, "left out")).sla).toEqual({ total: 1, passed: 1, excluded: 0 });
    // A failure that is cancelled afterwards is none.
    await send("left out", run("failed", -30, { run_id: "f" }), run("cancelled", -20, { run_id: "f" }));
    expect((await stored(db.pool, "left out")).sla).toEqual({ total: 1, passed: 1, excluded: 0 });
  });

  it("keeps an invalidated run excluded when its last word changes", async () => {
    await send("invalid", run("failed", -60), check(0.1, -61));
    await agent.store.transaction(async (tx) => {
      const pipeline = (await tx.lockPipelines(["invalid"])).get("invalid")!;
      await tx.invalidateRun(pipeline.pipeline_id, "r", { actor: "a", reason: "b", at: NOON });
    });
    await send("invalid", run("started", -50), run("success", -40));
    expect((await stored(db.pool, "invalid")).sla).toEqual({ total: 0, passed: 0, excluded: 1 });
  });
});

describe("which run is the latest", () => {
  it("goes by the logical date, else the interval, else the start, and never past the time it was heard of", async () => {
    const ran = (run_id: string, minutes: number, more: object) => run("success", minutes, { run_id, ...more });
    await send("latest", ran("scheduled", -60, { logical_date: at(-3000), data_interval_end: at(-1500) }));
    await send("latest", ran("manual", -50, { logical_date: at(-70), data_interval_end: at(-2000) }));
    await send("latest", ran("backfill", -40, { logical_date: at(-9000), data_interval_end: at(-7500) }));
    expect((await gate("latest")).evidence.run).toMatchObject({ run_id: "manual" });
    // Its interval ends tonight: that hides nothing of what fails after it was heard of.
    await send("ahead", ran("tonight", -60, { data_interval_end: at(600) }));
    expect((await stored(db.pool, "ahead")).runs).toMatchObject([{ run_order: NOON }]);
  });
});

describe("counts without a run, where nobody says when one starts or ends", () => {
  it("are those of the latest UTC day, until an end makes them those of one run", async () => {
    const count = (n: number, minutes: number): Event => {
      return { kind: "records", stage: "load", count: n, at: at(minutes) };
    };
    await send("stream", count(100, -2000), count(200, -1990));
    await send("stream", count(10, -60), count(5, -50));
    expect((await stored(db.pool, "stream")).runs).toMatchObject([{ status: "unknown", stages: ["load 15"] }]);
    await send("stream", count(1000, -3500));
    expect((await stored(db.pool, "stream")).runs).toMatchObject([{ stages: ["load 15"] }]);
    await send("stream", { kind: "run", status: "success", at: at(-40) });
    expect((await stored(db.pool, "stream")).runs).toMatchObject([{ status: "success", stages: ["load 1315"] }]);
  });
});

it("shows the same while it goes as after a restart", async () => {
  expect(await agent.metrics()).toEqual(await restored(agent.store));
});
