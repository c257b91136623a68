import { describe, expect, test } from "vitest";
import { expectProblem } from "../http/problems.ts";
import { testAgentOf, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

const server = await testServer();
const agent = await testAgentOf(server, {
  yaml: `
gate:
  policies:
    - pipeline_name: "fresh*"
      run: "off"
      freshness: {max_lag: 2h}
`,
});

const HOUR = 3_600_000;
const iso = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();

let pipelines = 0;
const story = (name = `p${++pipelines}`) => new Story(agent, name);

describe("a run of a host whose clock is ahead", () => {
  test.each(["at", "started_at", "finished_at"])(
    "is refused by its %s, and the gate stays with the run before",
    async (field) => {
      const gate = story();
      await gate.quality("d1", 1);
      await gate.run("d1", "success");
      const report = { pipeline_name: gate.pipeline_name, run_id: "d2", status: "success", [field]: iso(5) };
      expectProblem(
        await agent.post("/v1/runs", report),
        "at_out_of_range",
        new RegExp(`^${field}: .* given; must lie between .*five minutes after now`),
      );
      await gate.run("d3", "failed");
      expect(await gate.gate()).toMatchObject({ run_id: "d3", decision: "block" });
      expect(await failedLast(gate.pipeline_name)).toBe(true);
    },
  );

  test("in a batch only that report is refused", async () => {
    const { pipeline_name } = story();
    const answer = await agent.post("/v1/reports", [
      { kind: "run", pipeline_name, run_id: "a", status: "success", finished_at: iso(5) },
      { kind: "run", pipeline_name, run_id: "b", status: "success" },
    ]);
    expect(answer.body).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: "at_out_of_range" }] });
  });

  test("a time in milliseconds, or of a run from before the retention, is refused too", async () => {
    const { pipeline_name } = story();
    for (const started_at of [Date.now(), iso(-401 * 24)]) {
      const answer = await agent.post("/v1/runs", { pipeline_name, run_id: "a", status: "started", started_at });
      expect(answer.status).toBe(422);
    }
  });
});

/** What the rule PipelineLastRunFailed looks at. */
async function failedLast(pipeline_name: string): Promise<boolean> {
  const { text } = await agent.get("/metrics");
  const value = (name: string) =>
    Number(new RegExp(`^${name}\\{pipeline_name="${pipeline_name}"\\}\\s+(\\S+)`, "m").exec(text)![1]);
  return value("pipeline_last_failure_timestamp_seconds") > value("pipeline_last_success_timestamp_seconds");
}

describe("data that is said to reach into the future", () => {
  test("counts up to its report, warns, and cannot keep the gate open for longer", async () => {
    const gate = story("fresh1");
    const at = Math.floor(Date.now() / 1000) - 3 * 3600;
    await gate.report("freshness", { dataset: "orders", data_through: iso(20), at });
    expect(await gate.says()).toBe("block: data_stale, data_ahead");
    const { text } = await agent.get("/metrics");
    const shown = /^data_through_timestamp_seconds\{pipeline_name="fresh1",dataset="orders"\}\s+(\S+)/m.exec(text)![1];
    expect(Number(shown)).toBe(at);
    expect((await agent.get("/v1/pipelines/fresh1")).body).toMatchObject({
      datasets: [{ dataset: "orders", data_through: new Date(at * 1000).toISOString().replace(".000", "") }],
    });
  });

  test("a later report that is in order ends the reason, and an earlier one that comes late does not", async () => {
    const gate = story("fresh2");
    await gate.report("freshness", { dataset: "orders", data_through: iso(20), at: iso(-0.5) });
    expect(await gate.says()).toBe("warn: data_ahead");
    await gate.report("freshness", { dataset: "orders", data_through: iso(-0.9), at: iso(-0.8) });
    expect(await gate.says()).toBe("warn: data_ahead");
    await gate.report("freshness", { dataset: "orders", data_through: iso(-0.3), at: iso(-0.2) });
    expect(await gate.says()).toBe("pass");
  });

  test("is a reason where the policy looks at no freshness as well, of the pipeline and of the run it came with", async () => {
    const gate = story();
    await gate.quality("d1", 1);
    await gate.report("freshness", { run_id: "d1", data_through: iso(9) });
    await gate.run("d1", "success");
    expect(await gate.says()).toBe("warn: data_ahead");
    expect(await gate.says("?run_id=d1")).toBe("warn: data_ahead");
    await gate.quality("d2", 1);
    await gate.run("d2", "success");
    expect(await gate.says("?run_id=d2")).toBe("pass");
    await gate.report("freshness", { data_through: iso(-1) });
    expect(await gate.says()).toBe("pass");
    expect(await gate.says("?run_id=d1")).toBe("warn: data_ahead");
  });

  test("five minutes ahead is what clocks differ by; more than 26 hours is refused", async () => {
    const gate = story("fresh3");
    await gate.report("freshness", { data_through: iso(0.07) });
    expect(await gate.says()).toBe("pass");
    const answer = await agent.post("/v1/freshness", { pipeline_name: "fresh3", data_through: iso(26.1) });
    expectProblem(answer, "at_out_of_range", /^data_through: /);
  });
});
