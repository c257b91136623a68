import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { build } from "../../scripts/lib/build.mjs";
import { root } from "../../scripts/lib/root.mjs";
import { createClient } from "../../src/client/index.ts";
import { newDatabase, testServer } from "../support/agent.ts";
import { oldRelease } from "../support/old-release.ts";

const server = await testServer();
const old = await oldRelease("0.1").start(await newDatabase(server));
const work = mkdtempSync(join(tmpdir(), "sluice-new-client-"));
afterAll(async () => {
  await old.stop();
  rmSync(work, { recursive: true, force: true });
});

const execute = promisify(execFile);

async function get(path: string): Promise<{ status?: string; stages?: { count: number }[]; checks?: object[] }> {
  return (await fetch(old.url + path)).json() as Promise<object>;
}

/** What a client could not hand over lies in dead.ndjson of its spool. */
function deadLetters(spool: string): string[] {
  return readdirSync(spool, { recursive: true }).filter((name): name is string => String(name).includes("dead"));
}

describe("clients of this release, on an agent of 0.1", () => {
  test("TypeScript: everything arrives, without what the agent does not know, and that is said once", async () => {
    const warnings: string[] = [];
    const spool = join(work, "ts");
    const logger = { warn: (message: string) => void warnings.push(message) };
    const sluice = createClient({ url: old.url, spool, logger, signals: false, flushDeadlineSeconds: 60 });
    for (const run_id of ["day-1", "day-2"]) {
      await sluice.pipeline("ts_orders").run(
        (run) => {
          run.records("load", "2000", { try: 2, expected_min: 1000n, expected_min_of: "stage" });
          run.records("extract", -1);
          run.quality("null_rate", 0.999, { threshold: 0.95, try: 2 });
          run.quality("late", Number.NaN, { severity: "warn" });
        },
        { run_id, resumes: true, logical_date: "2026-11-20T00:00:00Z", attempt: 1 },
      );
      await sluice.flush();
      const stored = await get(`/v1/runs/ts_orders/${run_id}`);
      expect([stored.status, stored.stages![0]!.count, stored.checks!.length]).toEqual(["success", 2000, 2]);
    }
    expect(sluice.stats()).toMatchObject({ dead: 0, queued: 0, dropped: 2, sent: 10, reduced: 8 });
    expect(warnings.filter((line) => line.includes("is older than this client"))).toHaveLength(1);
    await sluice.close();
    expect(deadLetters(spool)).toEqual([]);
  });

  test("Python: the same", async () => {
    const spool = join(work, "py");
    const env = {
      ...process.env,
      PYTHONPATH: join(root, "python/src"),
      SLUICE_URL: old.url,
      SLUICE_SPOOL_DIR: spool,
      PYTHONDONTWRITEBYTECODE: "1",
    };
    const program = `
from sluice_client import default_client, flush, gate, pipeline
with pipeline("py_orders").run("day-1", resumes=True, logical_date="2026-11-20T00:00:00Z", try_=2) as run:
    run.records("load", 2000.0, expected_min=1000, expected_min_of="stage")
    run.records("extract", -1)
    run.quality("null_rate", "0.999", threshold=0.95)
assert flush(60)
stats = default_client().stats()
assert (stats.sent, stats.dead, stats.dropped, stats.reduced) == (4, 0, 1, 4), stats
gate("py_orders", on_unreachable="block").require(run_id="day-1")
`;
    const { stderr } = await execute("python3", ["-c", program], { env, cwd: work });
    expect(stderr).toContain("count: -1 given");
    const stored = await get("/v1/runs/py_orders/day-1");
    expect([stored.status, stored.stages![0]!.count]).toEqual(["success", 2000]);
    expect(deadLetters(spool)).toEqual([]);
  });

  test("the command line: the same", async () => {
    await build(root);
    const spool = join(work, "cli");
    const env = { ...process.env, SLUICE_URL: old.url, SLUICE_SPOOL_DIR: spool, SLUICE_FLUSH_DEADLINE: "60s" };
    const sluice = (...args: string[]) =>
      execute(process.execPath, [join(root, "dist/main.js"), ...args], { env, cwd: work });
    const inside = `"${process.execPath}" "${join(root, "dist/main.js")}" report records cli_orders load 2000`;
    await sluice("exec", "cli_orders", "--run-id", "day-1", "--resumes", "--try", "2", "--", "sh", "-c", inside);
    const { stdout } = await sluice(
      "report",
      "quality",
      "cli_orders",
      "null_rate",
      "1",
      "--run-id",
      "day-1",
      "--try",
      "2",
    );
    expect(stdout).toBe("delivered: check null_rate at 1 of cli_orders (run day-1)\n");
    const stored = await get("/v1/runs/cli_orders/day-1");
    expect([stored.status, stored.stages![0]!.count, stored.checks!.length]).toEqual(["success", 2000, 1]);
    expect(existsSync(spool) ? deadLetters(spool) : []).toEqual([]);
  });
});
