import { describe, expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

const agent = await testAgentOf(await testServer());
const HOUR = 3_600_000;
const iso = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();

let pipelines = 0;
const story = () => new Story(agent, `p${++pipelines}`);

describe("data that lies ahead hides no run", () => {
  test.each(["data_interval_end", "logical_date"])(
    "a run whose %s is tonight, and one that fails now: the one that fails",
    async (field) => {
      const gate = story();
      await gate.quality("tonight", 1, { at: iso(-2) });
      await gate.run("tonight", "success", { at: iso(-1), [field]: iso(10) });
      expect(await gate.gate()).toMatchObject({ run_id: "tonight", decision: "pass" });
      await gate.run("now", "failed");
      expect(await gate.gate()).toMatchObject({ run_id: "now", decision: "block" });
      expect(await failedLast(gate.pipeline_name)).toBe(true);
    },
  );
});

/** What the rule PipelineLastRunFailed looks at. */
async function failedLast(pipeline_name: string): Promise<boolean> {
  const { text } = await agent.get("/metrics");
  const value = (name: string) =>
    Number(new RegExp(`^${name}\\{pipeline_name="${pipeline_name}"\\}\\s+(\\S+)`, "m").exec(text)![1]);
  return value("pipeline_last_failure_timestamp_seconds") > value("pipeline_last_success_timestamp_seconds");
}
