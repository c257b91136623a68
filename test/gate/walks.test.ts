import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

const server = await testServer();
const agent = await testAgentOf(server, {
  yaml: `
gate:
  policies:
    - pipeline_name: needs_checks
      requires: {checks: [null_rate]}
aliases:
  orders_old: orders_renamed
`,
});
const shell = promisify(execFile);

/** What an engineer types; the exit code decides whether the next step runs. */
async function typed(line: string): Promise<{ code: number; out: string }> {
  try {
    return { code: 0, out: (await shell("bash", ["-c", line])).stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, out: stdout };
  }
}

describe("the first ten minutes by curl", () => {
  const base = `http://127.0.0.1:${agent.port}`;
  const post = (route: string, body: string) =>
    typed(`curl -fsS ${base}${route} -H 'content-type: application/json' -d '${body}'`);
  const check = `curl -fsS ${base}/v1/gates/hello/check >/dev/null 2>&1 && echo go`;

  test("nothing was reported: the step does not run, and the answer says what to send", async () => {
    expect(await typed(check)).toEqual({ code: 22, out: "" });
    const { out } = await typed(`curl -sS ${base}/v1/gates/hello/reasons.txt`);
    expect(out).toMatch(/^hello: unknown, do not go on\n {2}unknown: Nothing has been reported of pipeline hello/);
  });

  test("a success alone is the scheduler's word, not evidence", async () => {
    await post("/v1/runs", '{"pipeline_name": "hello", "run_id": "1", "status": "success"}');
    expect((await typed(check)).code).toBe(22);
    expect((await typed(`curl -sS ${base}/v1/gates/hello/reasons.txt`)).out).toContain("[no_evidence]");
  });

  test("a good score opens the gate, a bad one closes it and says by how much", async () => {
    await post("/v1/quality", '{"pipeline_name": "hello", "run_id": "1", "check_name": "complete", "score": 1}');
    expect(await typed(check)).toEqual({ code: 0, out: "go\n" });
    await post("/v1/quality", '{"pipeline_name": "hello", "run_id": "1", "check_name": "valid", "score": 0.5}');
    expect((await typed(check)).code).toBe(22);
    expect((await typed(`curl -sS ${base}/v1/gates/hello/reasons.txt`)).out).toContain(
      "block: valid scored 0.5, 0.8 is required [quality_below_threshold]",
    );
  });
});

test("an Airflow DAG that fails, is retried and succeeds: never blocked in between, open at the end", async () => {
  const dag = new Story(agent, "airflow_retries");
  const run_id = "scheduled__2026-11-20T02:00:00+00:00";
  await dag.run(run_id, "started", { attempt: 1 });
  await dag.run(run_id, "failed", { attempt: 1, will_retry: true, error: "connection reset" });
  expect(await dag.says()).toBe("pending: run_in_progress");
  await dag.run(run_id, "started", { attempt: 2 });
  await dag.quality(run_id, 0.99);
  expect(await dag.says()).toBe("pending: run_in_progress");
  await dag.run(run_id, "success", { attempt: 2 });
  expect(await dag.says()).toBe("pass");
  const sla = (await agent.get("/v1/sla/airflow_retries?kind=run")).body as { total: number; passed: number };
  expect(sla).toMatchObject({ total: 1, passed: 1, state: "ok" });
});

test("the gate task inside a DAG asks with Airflow's own run_id, before its run has ended", async () => {
  const dag = new Story(agent, "inside");
  const run_id = "scheduled__2026-11-20T02:00:00+00:00";
  await dag.run(run_id, "started");
  await dag.quality(run_id, 0.99);
  // As curl and requests send it when nobody thought of encoding: the + arrives as a space.
  expect(await dag.says(`?run_id=${run_id.replaceAll("+", "%20")}`)).toBe("pending: run_in_progress");
  expect(await dag.says(`?run_id=${run_id}&while_running=true`)).toBe("pass");
  await dag.quality(run_id, 0.5);
  expect(await dag.says(`?run_id=${encodeURIComponent(run_id)}&while_running=true`)).toBe(
    "block: quality_below_threshold, overall_quality_below_minimum",
  );
});

test("a cleared DAG: pending while it runs again, then decided by what it says now", async () => {
  const dag = new Story(agent, "cleared");
  await dag.run("monday", "failed", { attempt: 1 });
  expect(await dag.says()).toBe("block: run_failed");
  await dag.run("monday", "started", { attempt: 2 });
  expect(await dag.says()).toBe("pending: run_in_progress");
  await dag.quality("monday", 1);
  await dag.run("monday", "success", { attempt: 2 });
  expect(await dag.says()).toBe("pass");
});

test("a backfill of 30 days beside the daily run: it has gates of its own, and the daily one does not move", async () => {
  const daily = new Story(agent, "backfilled");
  const day = (n: number) => ({
    data_interval_start: `2026-10-${String(n).padStart(2, "0")}T00:00:00Z`,
    data_interval_end: `2026-10-${String(n + 1).padStart(2, "0")}T00:00:00Z`,
  });
  const today = { data_interval_start: "2026-11-19T00:00:00Z", data_interval_end: "2026-11-20T00:00:00Z" };
  await daily.quality("today", 0.99);
  await daily.run("today", "success", today);
  const before = await daily.gate();
  for (let n = 1; n <= 30; n++) {
    await daily.quality(`backfill-${n}`, n === 13 ? 0.1 : 0.99);
    await daily.run(`backfill-${n}`, n === 7 ? "failed" : "success", day(n));
  }
  expect(await daily.gate()).toEqual(before);
  expect(await daily.says("?run_id=backfill-1")).toBe("pass");
  expect(await daily.says("?run_id=backfill-7")).toBe("block: run_failed");
  expect(await daily.says("?run_id=backfill-13")).toBe("block: quality_below_threshold, overall_quality_below_minimum");
});

test("a renamed pipeline is found by both names, and an archived one comes back with its next report", async () => {
  const renamed = new Story(agent, "orders_old");
  await renamed.quality("1", 1);
  await renamed.run("1", "success");
  expect((await new Story(agent, "orders_renamed").gate()).decision).toBe("pass");
  expect((await renamed.gate()).pipeline_name).toBe("orders_renamed");

  const archived = new Story(agent, "archived");
  await archived.quality("1", 1);
  await archived.run("1", "success");
  const series = async () =>
    (await agent.get("/metrics")).text.split("\n").filter((line) => line.includes('pipeline_name="archived"'));
  const shown = (await series()).length;
  expect((await agent.send({ method: "DELETE", path: "/v1/pipelines/archived" })).status).toBe(204);
  expect(await series()).toEqual([]);
  expect((await agent.get("/v1/pipelines/archived")).status).toBe(404);
  expect((await agent.get("/v1/runs/archived/1")).status).toBe(200);
  await archived.quality("2", 1);
  await archived.run("2", "success");
  expect(await archived.says()).toBe("pass");
  expect((await series()).length).toBe(shown);
  expect((await agent.get("/metrics")).text.replace(/ +/g, " ")).toContain(
    'pipeline_runs_total{pipeline_name="archived",status="success"} 2',
  );
});

test("a check that was removed: nobody misses it, unless the policy names it", async () => {
  for (const [pipeline, then] of [
    ["misses_nothing", "pass"],
    ["needs_checks", "pending: check_missing"],
  ] as const) {
    const story = new Story(agent, pipeline);
    await story.quality("1", 1);
    await story.run("1", "success");
    expect(await story.says()).toBe("pass");
    await story.report("quality", { run_id: "2", check_name: "another", score: 1 });
    await story.run("2", "success");
    expect(await story.says()).toBe(then);
  }
});

test("the same pipeline running twice at once: each is judged by its own evidence", async () => {
  const twice = new Story(agent, "twice");
  const [a, b] = ["2026-11-20T01:00:00Z", "2026-11-20T01:05:00Z"];
  await twice.run("a", "started", { started_at: a });
  await twice.run("b", "started", { started_at: b });
  await twice.quality("b", 0.99);
  await twice.quality("a", 0.2);
  await twice.run("b", "success");
  expect(await twice.says("?run_id=b")).toBe("pass");
  expect(await twice.says("?run_id=a")).toContain("pending");
  await twice.run("a", "success");
  expect(await twice.says("?run_id=a")).toContain("block: quality_below_threshold");
  expect((await twice.gate()).run_id).toBe("b");
});

test("a false drift alarm at 3 a.m. is put right by promoting what is normal now", async () => {
  const story = new Story(agent, "drifting");
  const reference = { counts: [1000, 2000, 3000, 2500, 1500] };
  const put = await agent.send({
    method: "PUT",
    path: "/v1/references/drifting/age",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(reference),
  });
  expect(put.status).toBe(200);
  const now = { counts: [3000, 2500, 2000, 1500, 1000] };
  await story.report("drift", { run_id: "1", features: { age: now } });
  await story.run("1", "success");
  expect(await story.says()).toBe("block: feature_drifted");
  expect((await story.gate()).reasons[0]!.detail).toMatch(/age .*PSI/);
  await story.post("/v1/references/drifting/age/promote", { run_id: "1", note: "the new market opened" });
  expect(await story.says()).toBe("pass");
  const history = (await agent.get("/v1/gates/drifting/history")).body as { items: { decision: string }[] };
  expect(history.items.map(({ decision }) => decision)).toEqual(["pass", "block", "pending"]);
});
