import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createUuidV7, fillRandom } from "../../src/client/host/uuid-v7.ts";
import { testAgentOf, testServer } from "../support/agent.ts";
import { bundleClient, temporaryDirectory } from "./support/bundle.ts";
import { clientMaker } from "./support/client.ts";
import { type Ended, runPipeline, startPipeline } from "./support/program.ts";
import { startProxy } from "./support/proxy.ts";
import { storedCount, storedRun } from "./support/stored.ts";

const agent = await testAgentOf(await testServer());
const proxy = await startProxy(agent.port);
const directory = temporaryDirectory();
const CLIENT = await bundleClient(directory);
const newClient = clientMaker(directory);
const hangUp = (request: import("node:http").IncomingMessage) => request.socket.destroy();

/** The greatest there is; nobody has it. */
const DEAD_PID = 4_194_304;

let spool: string;
let env: Record<string, string>;
let pipelines = 0;
beforeEach(() => {
  proxy.misbehave(null);
  spool = mkdtempSync(path.join(directory, "spool-"));
  env = { CLIENT, SLUICE_URL: proxy.url, SLUICE_SPOOL_DIR: spool, RUN_ID: `r${++pipelines}` };
});

/** The next process on the machine with something to report. */
async function theNextOne(): Promise<void> {
  proxy.misbehave(null);
  const next = newClient(proxy.url, { spool });
  next.pipeline("next").attach("r1").records("load", 0);
  expect(await next.flush()).toBe(true);
  // Its own is with the agent; what others left behind follows while it lives.
  await expect.poll(() => segments(), { timeout: 120_000 }).toEqual([]);
  await next.close();
}

function folder(): string {
  return path.join(spool, readdirSync(spool)[0]!);
}

function segments(): string[] {
  return readdirSync(folder()).filter((name) => !name.startsWith("dead"));
}

const outcome = ({ code, signal, stdout }: Ended) => ({ code, signal, stdout });

describe("an agent that is away for the whole run", () => {
  it.each([
    ["well", { code: 0, stdout: '{"loaded":1}\n' }],
    ["throws", { code: 1, stdout: "" }],
    ["exits", { code: 3, stdout: "" }],
    ["crashes", { code: 1, stdout: "reported\n" }],
  ])("changes nothing about a pipeline that ends %s, and the next one reports for it", async (ENDING, expected) => {
    proxy.misbehave(hangUp);
    const ended = await runPipeline("etl.mjs", { ...env, ENDING });
    expect(outcome(ended)).toEqual({ signal: null, ...expected });
    expect(await storedRun(agent, "orders", env.RUN_ID!)).toBeUndefined();

    await theNextOne();
    const run = await storedRun(agent, "orders", env.RUN_ID!);
    expect(run).toMatchObject({
      status: ENDING === "well" ? "success" : "failed",
      stages: [{ stage: "load", count: 1 }],
    });
    expect(run!.attempts).toHaveLength(1);
  });

  it("leaves the pipeline its own error, with the stack trace, on standard error and in the report", async () => {
    const ended = await runPipeline("etl.mjs", { ...env, ENDING: "throws" });
    expect(ended.stderr).toMatch(/DiskFull \[Error\]: no space left for orders\n {4}at .*etl\.mjs:\d+/);
    expect(ended.stderr).toContain("code: 'ENOSPC'");
    const run = await storedRun(agent, "orders", env.RUN_ID!);
    expect(run!.error).toMatch(/^Error: no space left for orders\n {4}at .*etl\.mjs:\d+/);
  });

  it("is one line on standard error, and one about what was left behind", async () => {
    proxy.misbehave(hangUp);
    const { stderr } = await runPipeline("etl.mjs", env);
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/^sluice: .* cannot be reached .*; reports wait in .* until it takes them$/),
      expect.stringMatching(/^sluice: 0 reports sent, 4 left in .* for the next client$/),
    ]);
  });

  it("without a spool, is told at the end as what it is: a loss", async () => {
    proxy.misbehave(hangUp);
    const file = path.join(directory, "a-file");
    writeFileSync(file, "");
    const ended = await runPipeline("etl.mjs", { ...env, FLUSH: "0.5", SLUICE_SPOOL_DIR: path.join(file, "spool") });
    expect(outcome(ended)).toEqual({ code: 0, signal: null, stdout: '{"loaded":1}\n' });
    expect(ended.stderr).toMatch(/sluice: no spool: .*a-file.* cannot be written \(ENOTDIR\)/);
    expect(ended.stderr).toContain("sluice: 0 reports sent, 4 not sent and lost with this process");
  });
});

describe("a healthy agent", () => {
  it("has everything when the process is over, and the process said nothing", async () => {
    const ended = await runPipeline("etl.mjs", { ...env, RECORDS: "3000" });
    expect(ended).toEqual({ code: 0, signal: null, stdout: '{"loaded":3000}\n', stderr: "" });
    expect(await storedRun(agent, "orders", env.RUN_ID!)).toMatchObject({
      status: "success",
      stages: [{ stage: "load", count: 3000 }],
      checks: [{ check_name: "null_rate", score: 0.99 }],
    });
    expect(segments()).toEqual([]);
  });
});

describe("kill -9", () => {
  it.each(["waits", "blocks"])("of a pipeline that %s loses nothing that was reported", async (ENDING) => {
    proxy.misbehave(hangUp);
    const pipeline = startPipeline("etl.mjs", { ...env, ENDING, RECORDS: "10" });
    await pipeline.says("reported");
    // What was reported less than some milliseconds ago may still be on its way to the disk.
    if (ENDING === "waits") await expect.poll(() => reportsOnDisk(), { timeout: 120_000 }).toBe(12);
    pipeline.child.kill("SIGKILL");
    expect(await pipeline.ended).toMatchObject({ signal: "SIGKILL" });
    const onDisk = reportsOnDisk();
    expect(onDisk).toBeGreaterThanOrEqual(12);

    await theNextOne();
    expect(await storedRun(agent, "orders", env.RUN_ID!)).toMatchObject({ status: "started" });
    expect(await storedCount(agent, "orders", env.RUN_ID!)).toBe(onDisk - 2);
  });

  it("while writing leaves at most a torn line, which is passed over", async () => {
    proxy.misbehave(hangUp);
    const pipeline = startPipeline("flood.mjs", env);
    await pipeline.says("under way");
    pipeline.child.kill("SIGKILL");
    await pipeline.ended;
    const whole = reportsOnDisk();
    expect(whole).toBeGreaterThan(1000);
    const open = segments().find((name) => name.endsWith(".open")) ?? segments().at(-1)!;
    appendFileSync(path.join(folder(), open), '{"kind":"records","id":"0197');

    const before = await storedCount(agent, "flood", "r1");
    await theNextOne();
    expect((await storedCount(agent, "flood", "r1")) - before).toBe(whole);
  });
});

function reportsOnDisk(): number {
  return segments().reduce(
    (sum, name) => sum + readFileSync(path.join(folder(), name), "utf8").split("\n").length - 1,
    0,
  );
}

describe("two processes that share a spool", () => {
  it("report and hand over at once, and each report arrives once", async () => {
    proxy.misbehave(hangUp);
    const ids = ["a", "b", "c"].map((suffix) => `${env.RUN_ID}${suffix}`);
    await Promise.all(ids.map((RUN_ID) => runPipeline("etl.mjs", { ...env, RUN_ID, RECORDS: "2500" })));
    expect(segments().length).toBeGreaterThan(3);

    proxy.misbehave(null);
    const more = ids.map((id) => `${id}x`);
    await Promise.all(more.map((RUN_ID) => runPipeline("etl.mjs", { ...env, RUN_ID, RECORDS: "10" })));
    await theNextOne();
    for (const id of ids) expect(await storedCount(agent, "orders", id)).toBe(2500);
    for (const id of more) expect(await storedCount(agent, "orders", id)).toBe(10);
  });
});

describe("a full disk", () => {
  it("costs no report while the process lives, and leaves no torn line for others", async () => {
    // A file of this process may not grow beyond 4 KiB: writes are cut short and then refused, as on a full disk.
    const shell = ["bash", "-c", 'ulimit -f 4; exec "$@"', "bash"];
    const ended = await runPipeline("etl.mjs", { ...env, RECORDS: "200" }, shell);
    expect(outcome(ended)).toEqual({ code: 0, signal: null, stdout: '{"loaded":200}\n' });
    expect(await storedCount(agent, "orders", env.RUN_ID!)).toBe(200);
    expect(ended.stderr).toContain("cannot be written just now; reports wait in memory");

    proxy.misbehave(hangUp);
    const later = { ...env, RUN_ID: `${env.RUN_ID}b`, RECORDS: "200" };
    expect(await runPipeline("etl.mjs", later, shell)).toMatchObject({ code: 0 });
    for (const name of segments()) {
      for (const line of readFileSync(path.join(folder(), name), "utf8").split("\n")) {
        if (line !== "") expect(JSON.parse(line)).toMatchObject({ pipeline_name: "orders" });
      }
    }
  });
});

describe("what others left behind", () => {
  it("arrives, but for what is older than the agent remembers ids", async () => {
    const DAY = 24 * 3_600_000;
    const newId = createUuidV7(fillRandom);
    const report = (ms: number, count: number) => {
      const [id, at] = [newId(ms), new Date(ms).toISOString()];
      return `${JSON.stringify({ kind: "records", id, at, pipeline_name: "old", run_id: "r1", stage: "load", count })}\n`;
    };
    const client = newClient(proxy.url, { spool });
    const now = Date.now();
    // Of one file, begun seven days ago, a report is too old and two are not; the torn line is nobody's.
    const lines = [
      report(now - 7 * DAY, 1),
      report(now - 5 * DAY, 10),
      report(now, 100),
      report(now, 1000).slice(0, 50),
    ];
    writeFileSync(path.join(folder(), `${newId(now - 7 * DAY)}.ndjson`), lines.join(""));
    writeFileSync(path.join(folder(), `${newId(now - DAY)}.${DEAD_PID}.open`), report(now - DAY, 10_000));

    client.pipeline("old").attach("r1").records("load", 100_000);
    await expect.poll(() => segments(), { timeout: 120_000 }).toEqual([]);
    await client.close();
    expect(client.stats()).toEqual({ sent: 4, duplicates: 0, spooled: 0, dropped: 1, dead: 0, queued: 0, reduced: 0 });
    expect(await storedCount(agent, "old", "r1")).toBe(110_110);
    expect(segments()).toEqual([]);
  });
});

describe("signals", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "%s ends the process as it would have, and the run is told failed",
    async (signal) => {
      const pipeline = startPipeline("etl.mjs", { ...env, ENDING: "waits" });
      await pipeline.says("reported");
      pipeline.child.kill(signal);
      expect(outcome(await pipeline.ended)).toEqual({ code: null, signal, stdout: "reported\n" });
      expect(await storedRun(agent, "orders", env.RUN_ID!)).toMatchObject({
        status: "failed",
        error: `the process was ended by ${signal}`,
        stages: [{ stage: "load", count: 1 }],
      });
    },
  );

  it("a second signal does not wait for an agent that never answers", async () => {
    const pipeline = startPipeline("etl.mjs", { ...env, ENDING: "waits", FLUSH: "60" });
    await pipeline.says("reported");
    await expect.poll(() => storedCount(agent, "orders", env.RUN_ID!), { timeout: 120_000 }).toBe(1);
    const asked = proxy.received.length;
    proxy.misbehave(() => {});
    pipeline.child.kill("SIGINT");
    await expect.poll(() => proxy.received.length, { timeout: 120_000 }).toBeGreaterThan(asked);
    pipeline.child.kill("SIGINT");
    expect(await pipeline.ended).toMatchObject({ signal: "SIGINT" });
    await theNextOne();
    expect(await storedRun(agent, "orders", env.RUN_ID!)).toMatchObject({ status: "failed" });
  });

  it("a pipeline's own listener decides what a signal means", async () => {
    const pipeline = startPipeline("with-listener.mjs", env);
    await pipeline.says("reported");
    const before = await storedCount(agent, "orders", "r1");
    pipeline.child.kill("SIGTERM");
    expect(outcome(await pipeline.ended)).toEqual({ code: 7, signal: null, stdout: "reported\ntidied up\n" });
    expect(await storedRun(agent, "orders", "r1")).toMatchObject({ status: "success" });
    expect(await storedCount(agent, "orders", "r1")).toBeGreaterThanOrEqual(before + 1);
  });
});

describe("the error report of a crash", () => {
  it("says what was thrown, although nobody caught it", async () => {
    const ended = await runPipeline("etl.mjs", { ...env, ENDING: "crashes" });
    expect(ended).toMatchObject({ code: 1, signal: null });
    expect(ended.stderr).toContain("TypeError: Cannot read properties of undefined (reading 'name')");
    await theNextOne();
    expect(await storedRun(agent, "orders", env.RUN_ID!)).toMatchObject({
      status: "failed",
      error: expect.stringContaining("TypeError: Cannot read properties of undefined (reading 'name')\n    at "),
    });
  });
});
