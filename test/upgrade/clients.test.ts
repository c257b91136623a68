import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { oldRelease } from "../support/old-release.ts";

const old = oldRelease("0.1");
const agent = await testAgentOf(await testServer());
const work = mkdtempSync(join(tmpdir(), "sluice-old-client-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Not waited for in place: the agent answers in this process. */
const execute = promisify(execFile);

const url = () => `http://127.0.0.1:${agent.port}`;

async function get(path: string): Promise<unknown> {
  return (await agent.get(path)).body;
}

describe("the TypeScript client of 0.1", () => {
  test("reports a run, hears that its gate is open, and leaves no dead letter", async () => {
    await execute("tar", ["-xzf", join(old.folder, "sluice-client.tgz"), "-C", work]);
    const { createClient } = await import(pathToFileURL(join(work, "package/esm/index.js")).href);
    const sluice = createClient({ url: url(), spool: join(work, "spool") });
    await sluice.pipeline("ts_orders").run(
      async (run: OldRun) => {
        run.records("extract", 2_100);
        run.records("load", 2_000, { expected_min: 1_000 });
        run.quality("null_rate", 0.999, { threshold: 0.95 });
        run.drift({ amount: [1, 2, 3, null] });
        run.freshness(new Date());
      },
      { run_id: "day-1" },
    );
    await sluice.flush();
    expect(sluice.stats()).toMatchObject({ dead: 0, queued: 0, dropped: 0 });
    await sluice.gate("ts_orders", { onUnreachable: "block" }).check();
    await sluice.close();
    expect(await get("/v1/runs/ts_orders/day-1")).toMatchObject({
      status: "success",
      stages: [
        { stage: "extract", count: 2_100 },
        { stage: "load", count: 2_000 },
      ],
    });
  });
});

interface OldRun {
  records(stage: string, count: number, options?: object): void;
  quality(check_name: string, score: number, options?: object): void;
  drift(features: Record<string, unknown[]>): void;
  freshness(data_through: Date): void;
}

describe("the Python client of 0.1", () => {
  async function python(program: string): Promise<void> {
    const wheel = join(old.folder, "sluice_client-0.1.0-py3-none-any.whl");
    const env = { ...process.env, PYTHONPATH: wheel, SLUICE_URL: url(), SLUICE_SPOOL_DIR: join(work, "python-spool") };
    await execute("python3", ["-c", program], { env, cwd: work });
  }

  test("reports a run, and hears that its gate is open", async () => {
    await python(`
from sluice_client import gate, pipeline
with pipeline("py_orders").run("day-1") as run:
    run.records("load", 2000, expected_min=1000)
    run.quality("null_rate", 0.999, threshold=0.95)
gate("py_orders", on_unreachable="block").require()
`);
    expect(await get("/v1/runs/py_orders/day-1")).toMatchObject({
      status: "success",
      stages: [{ stage: "load", count: 2_000 }],
    });
  });
});

/** What the recipe for Airflow of 0.1 sends: tasks say their try as `attempt`, start and end say none. */
describe("tasks that say their try as attempt, of a run whose start and end say none", () => {
  const run = { pipeline_name: "dag", run_id: "scheduled__1" };
  const post = async (route: string, body: object) => {
    expect(await agent.post(route, { ...run, ...body })).toMatchObject({ status: 200 });
  };

  test("count a task that was tried twice once", async () => {
    await post("/v1/runs", { status: "started" });
    await post("/v1/records", { stage: "load", count: 1_400, attempt: 1 });
    await post("/v1/quality", { check_name: "rows", score: 0.2, attempt: 1 });
    await post("/v1/records", { stage: "load", count: 2_000, attempt: 2, expected_min: 2_000 });
    await post("/v1/quality", { check_name: "rows", score: 1, attempt: 2 });
    await post("/v1/runs", { status: "success" });
    expect(await get("/v1/runs/dag/scheduled__1")).toMatchObject({ stages: [{ stage: "load", count: 2_000 }] });
    expect(await get("/v1/gates/dag?run_id=scheduled__1")).toMatchObject({ decision: "pass" });
  });
});
