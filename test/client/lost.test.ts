import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createUuidV7, fillRandom } from "../../src/client/host/uuid-v7.ts";
import type { LostItem, Run } from "../../src/client/index.ts";
import { Losses } from "../../src/client/losses/losses.ts";
import { testAgentOf, testServer } from "../support/agent.ts";
import { temporaryDirectory } from "./support/bundle.ts";
import { clientMaker } from "./support/client.ts";
import { startProxy } from "./support/proxy.ts";
import { storedRun } from "./support/stored.ts";

const agent = await testAgentOf(await testServer());
const proxy = await startProxy(agent.port);
const newClient = clientMaker(temporaryDirectory());

// Wrong on purpose: JavaScript has no types to stop it.
type Loose = { [K in keyof Run]: (...args: unknown[]) => unknown };
type Line = Record<string, unknown> & { lost?: LostItem[] };

/** Every report that reached the proxy for a pipeline. */
const linesOf = (pipeline_name: string): Line[] =>
  proxy.received
    .filter(({ path }) => path === "/v1/reports")
    .flatMap(({ body }) => body.trimEnd().split("\n"))
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.pipeline_name === pipeline_name);
const endOf = (pipeline_name: string) =>
  linesOf(pipeline_name).find(({ status }) => ["success", "failed"].includes(status as string));

describe("what a run's reports say wrongly", () => {
  it.each<[string, (run: Loose) => unknown, LostItem]>([
    [
      "a negative count",
      (run) => run.records("load", -1),
      { kind: "records", item: "load", why: "count: -1 given; must be a whole number from 0 to 9007199254740991" },
    ],
    [
      "a count of a part that is no number",
      (run) => run.records("load", "many", { part: "eu" }),
      { kind: "records", item: "load/eu", why: expect.stringContaining('count: "many" given') },
    ],
    [
      "half a record",
      (run) => run.records("load", 1.5),
      { kind: "records", item: "load", why: expect.stringContaining("count: 1.5 given") },
    ],
    [
      "a stage that cannot be read",
      (run) => run.records("", 5),
      { kind: "records", item: "?", why: expect.stringContaining('stage: "" given') },
    ],
    [
      "a check that cannot be read",
      (run) => run.quality("x".repeat(201), 1),
      { kind: "quality", item: "?", why: expect.stringContaining("check_name: ") },
    ],
    [
      "a feature of two kinds of values",
      (run) => run.drift({ age: [1, "secret"] }),
      {
        kind: "drift",
        item: "age",
        why: 'values[1]: a value given; the values before it are of type number; if they are names, say kind "categorical"',
      },
    ],
    [
      "features that are no object",
      (run) => run.drift("age"),
      { kind: "drift", item: "?", why: expect.stringContaining("features: ") },
    ],
  ])("%s is lost, and its end says so", async (name, call, lost) => {
    const client = newClient(proxy.url);
    const pipeline_name = `refused ${name}`;
    await client.pipeline(pipeline_name).run(async (run) => {
      run.records("extract", 3);
      await call(run as unknown as Loose);
    });
    expect(endOf(pipeline_name)).toMatchObject({ status: "success", lost: [lost] });
    expect(JSON.stringify(linesOf(pipeline_name))).not.toContain("secret");
    expect(client.stats()).toMatchObject({ sent: 3, dropped: 1, dead: 0 });
  });

  it.each<[string, unknown, object | undefined, string]>([
    ["NaN", Number.NaN, undefined, "not computed: score: NaN given; must be a number from 0 to 1"],
    ["95", 95, undefined, "not computed: score: 95 given; must be a number from 0 to 1 (95 % is 0.95)"],
    ["nothing", undefined, undefined, "not computed: score: undefined given; must be a number from 0 to 1"],
    ["null without a reason", null, undefined, "not computed: score: null given without { error }"],
    ["a text", "abc", undefined, 'not computed: score: "abc" given'],
    ["a threshold of 80", 0.9, { threshold: 80 }, "not computed: threshold: 80 given"],
    ["a severity of its own", 0.9, { severity: "fatal" }, 'not computed: severity: "fatal" given'],
  ])("a score that is %s is a check that could not be computed", async (name, score, options, error) => {
    const client = newClient(proxy.url);
    const pipeline_name = `errored ${name}`;
    await client
      .pipeline(pipeline_name)
      .run((run) => (run as unknown as Loose).quality("null_rate", score, options), { run_id: "r1" });
    const { checks } = (await storedRun(agent, pipeline_name, "r1"))!;
    expect(checks).toMatchObject([{ check_name: "null_rate", score: null, error: expect.stringContaining(error) }]);
    expect(endOf(pipeline_name)).not.toHaveProperty("lost");
    const gate = client.gate(pipeline_name, { onUnreachable: "block" });
    expect(await gate.decision({ run_id: "r1" })).toMatchObject({
      allowed: false,
      reasons: expect.arrayContaining([expect.objectContaining({ code: "check_errored", subject: "null_rate" })]),
    });
  });

  it("is past once a good report of the same stage, check or feature was made", async () => {
    const client = newClient(proxy.url);
    await client.pipeline("mended").run(async (run) => {
      run.records("load", -1);
      run.records("load", -1, { part: "eu" });
      run.records("", -1);
      await run.drift({ age: [1, "x"] });
      run.records("load", 5);
      await run.drift({ age: [1, 2] });
    });
    expect(endOf("mended")!.lost).toMatchObject([{ kind: "records", item: "load/eu" }]);
  });

  it("is said of its run alone, and once", async () => {
    const client = newClient(proxy.url);
    const pipeline = client.pipeline("two runs");
    await Promise.all([
      pipeline.run((run) => run.records("load", -1), { run_id: "bad" }),
      pipeline.run((run) => run.records("load", 1), { run_id: "good" }),
    ]);
    await pipeline.run((run) => run.records("load", 1), { run_id: "bad" });
    const ends = linesOf("two runs").filter(({ status }) => status === "success");
    expect(ends.map(({ run_id, lost }) => [run_id, lost?.length ?? 0]).sort()).toEqual([
      ["bad", 0],
      ["bad", 1],
      ["good", 0],
    ]);
  });

  it("is said by a failed end too, and of a task in the run's own process", async () => {
    const client = newClient(proxy.url);
    const pipeline = client.pipeline("failing");
    const failing = pipeline.run(
      () => {
        pipeline.attach("r1").records("load", -1);
        throw new Error("no orders");
      },
      { run_id: "r1" },
    );
    await expect(failing).rejects.toThrow("no orders");
    expect(endOf("failing")).toMatchObject({ status: "failed", lost: [{ kind: "records", item: "load" }] });
  });

  it("goes to the agent as it was given where the run's end is another process' to report", async () => {
    const client = newClient(proxy.url);
    const run = client.pipeline("a task").attach("r1", { attempt: 2, try: 3 });
    (run as unknown as Loose).records("load", Number.NaN, { part: "eu" });
    (run as unknown as Loose).quality("", 0.5);
    await run.drift({ age: [1, "secret"] as never });
    await client.flush();
    const common = { run_id: "r1", attempt: 2 };
    expect(linesOf("a task")).toMatchObject([
      { kind: "records", ...common, stage: "load", count: "NaN", part: "eu", try: 3 },
      { kind: "quality", ...common, check_name: "", score: 0.5, try: 3 },
      { kind: "drift", ...common, features: { age: {} } },
    ]);
    expect(client.stats()).toMatchObject({ dead: 3, dropped: 0 });
  });
});

describe("what is dropped on the way", () => {
  it("of a full queue is said by the run's end", async () => {
    proxy.misbehave((_, response) => response.writeHead(500).end());
    const client = newClient(proxy.url, { spool: false, maxQueuedReports: 3, flushDeadlineSeconds: 0 });
    const done = client.pipeline("full").run((run) => {
      for (let i = 0; i < 6; i++) run.records(`stage ${i}`, 1);
      run.latency("step", 1);
    });
    await done;
    proxy.misbehave(null);
    expect(await client.flush({ deadlineSeconds: 20 })).toBe(true);
    // The start and the first stages gave way; run reports and latencies are no evidence.
    expect(endOf("full")!.lost).toEqual(
      [0, 1, 2, 3, 4].map((i) => ({
        kind: "records",
        item: `stage ${i}`,
        why: "too many reports waited for the agent in memory",
      })),
    );
  });

  it("of a report that is too large is said by the run's end", async () => {
    const client = newClient(proxy.url);
    await client.pipeline("large").run((run) => {
      run.drift({
        city: {
          categories: Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`a rather long name ${i}`, 1])),
        },
      });
    });
    expect(endOf("large")!.lost).toEqual([{ kind: "drift", item: "city", why: "the report was larger than 1 MiB" }]);
  });

  it("because others left it too long ago is said by an end that waits behind it", async () => {
    const client = newClient(proxy.url);
    await client.pipeline("warm up").run(() => {});
    const folder = path.join(client.spool, readdirSync(client.spool)[0]!);
    const newUuid = createUuidV7(fillRandom);
    const day = 24 * 3_600_000;
    const now = Date.now();
    const line = (ms: number, fields: object) =>
      JSON.stringify({ id: newUuid(ms), pipeline_name: "left behind", run_id: "r1", ...fields });
    const put = (ms: number, lines: string[]) =>
      writeFileSync(path.join(folder, `${newUuid(ms)}.ndjson`), `${lines.join("\n")}\n`);
    mkdirSync(folder, { recursive: true });
    put(now - 7 * day, [line(now - 7 * day, { kind: "records", stage: "load", count: 5, at: (now - 7 * day) / 1000 })]);
    put(now - day, [line(now - day, { kind: "run", status: "success", at: (now - day) / 1000 })]);
    await client.pipeline("warm up").run(() => {});
    await expect.poll(() => endOf("left behind"), { timeout: 120_000 }).toBeDefined();
    expect(endOf("left behind")!.lost).toEqual([
      { kind: "records", item: "load", why: "it waited longer than 6 days" },
    ]);
  });

  it("of reports without a run_id is said by the end without one", async () => {
    const client = newClient(proxy.url);
    const circular: Record<string, unknown> = { kind: "records", pipeline_name: "run-less", stage: "load", count: 1 };
    circular.self = circular;
    client.report(circular as never);
    client.report({ kind: "run", pipeline_name: "run-less", status: "started" });
    client.report({ kind: "run", pipeline_name: "run-less", status: "success" });
    await client.flush();
    expect(linesOf("run-less").map(({ status, lost }) => [status, lost?.length ?? 0])).toEqual([
      ["started", 0],
      ["success", 1],
    ]);
  });
});

describe("the list of losses", () => {
  const item = (n: number): LostItem => ({ kind: "records", item: `stage ${n}`, why: "it was dropped" });

  it("holds each thing once and at most twenty, the last of which says how many more there are", () => {
    const losses = new Losses();
    const of = { pipeline_name: "p", run_id: "r" };
    for (let n = 0; n < 20; n++) losses.note(of, item(n));
    losses.note(of, item(3));
    expect(losses.take(of)).toHaveLength(20);
    for (let n = 0; n < 1000; n++) losses.note(of, item(n));
    const lost = losses.take(of)!;
    expect(lost).toHaveLength(20);
    expect(lost[18]).toEqual(item(18));
    expect(lost[19]).toEqual({
      kind: "records",
      item: "?",
      why: "981 more were lost, the first of them records stage 19: it was dropped",
    });
    expect(losses.take(of)).toBeUndefined();
    expect(losses.isEmpty).toBe(true);
  });

  it("forgets the oldest runs beyond a thousand", () => {
    const losses = new Losses();
    for (let n = 0; n < 1001; n++) losses.note({ pipeline_name: "p", run_id: `r${n}` }, item(n));
    expect(losses.take({ pipeline_name: "p", run_id: "r0" })).toBeUndefined();
    expect(losses.take({ pipeline_name: "p", run_id: "r1" })).toHaveLength(1);
  });
});
