import { beforeEach, describe, expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

const server = await testServer();
const agent = await testAgentOf(server, {
  yaml: `
gate:
  policies:
    - {pipeline_name: "listed_*", records: {nonzero: [load]}}
    - {pipeline_name: "half_*", records: {rejected_share: 0.5}}
`,
});

let stories = 0;
let story: Story;
beforeEach(() => {
  story = new Story(agent, `pipeline_${++stories}`);
});

type Counts = Record<string, number | { count: number; failed: number }>;

async function good(of: Story, run_id: string, day: number, counts: Counts, status = "success"): Promise<void> {
  for (const [stage, said] of Object.entries(counts)) {
    await of.report("records", { run_id, stage, ...(typeof said === "number" ? { count: said } : said) });
  }
  await of.run(run_id, status, { data_interval_end: `2026-11-${String(day).padStart(2, "0")}T00:00:00Z` });
}

describe("a run that brings nothing", () => {
  test("is blocked where all of a stage failed", async () => {
    await good(story, "1", 1, { extract: 50_000, write: { count: 0, failed: 50_000 } });
    expect(await story.says()).toBe("block: records_rejected_share");
  });

  test("is blocked where every count is 0, but for what may be", async () => {
    await good(story, "1", 1, { extract: 0, transform: 0, dead_letter: 3 });
    expect(await story.says()).toBe("block: records_zero");
    const { reasons } = await story.gate();
    expect(reasons[0]!.detail).toBe("All stages (extract, transform) counted 0 records, at least 1 is required");
  });

  test("is blocked where a stage held records in an earlier good run, and passes where it never did", async () => {
    await good(story, "1", 1, { extract: 10, write: 10, optional: 0 });
    expect(await story.says()).toBe("pass");
    await good(story, "2", 2, { extract: 10, write: 0, optional: 0 });
    expect(await story.says()).toBe("block: records_zero");
    expect((await story.gate()).reasons.map(({ subject }) => subject)).toEqual(["write"]);
    expect(await story.says("?run_id=2")).toBe("block: records_zero");
    // The run before it had nothing before itself.
    expect(await story.says("?run_id=1")).toBe("pass");
  });

  test.each([
    ["failed", "failed", false],
    ["was skipped", "skipped", false],
    ["is of a later interval", "success", true],
  ])("is not compared with a run that %s", async (_what, status, isLater) => {
    await good(story, "other", isLater ? 9 : 1, { extract: 10, write: 10 }, status);
    await good(story, "2", 2, { extract: 10, write: 0 });
    expect(await story.says("?run_id=2")).toBe("pass");
  });

  test("is judged anew when the earlier run is reported late, gets its records late, and is invalidated", async () => {
    await good(story, "2", 2, { extract: 10, write: 0 });
    expect(await story.says()).toBe("pass");
    await good(story, "1", 1, { extract: 10 });
    expect(await story.says()).toBe("pass");
    await story.report("records", { run_id: "1", stage: "write", count: 10 });
    expect(await story.says()).toBe("block: records_zero");
    expect((await story.gate()).run_id).toBe("2");
    await story.post(`/v1/runs/${story.pipeline_name}/1/invalidate`, { actor: "anna", reason: "a test run" });
    expect(await story.says()).toBe("pass");
  });

  test("is compared with 100 good runs, not with all there ever were", async () => {
    await good(story, "0", 1, { extract: 10, write: 10 });
    const reports = Array.from({ length: 100 }, (_, i) => {
      const run_id = `r${i}`;
      const at = `2026-11-02T${String(Math.floor(i / 60)).padStart(2, "0")}:${String(i % 60).padStart(2, "0")}:00Z`;
      const { pipeline_name } = story;
      return [
        { kind: "records", pipeline_name, run_id, stage: "extract", count: 10, at },
        { kind: "run", pipeline_name, run_id, status: "success", at, data_interval_end: at },
      ];
    }).flat();
    expect((await agent.post("/v1/reports", reports)).body).toMatchObject({ accepted: 200 });
    await good(story, "last", 3, { extract: 10, write: 0 });
    expect(await story.says()).toBe("pass");
  });
});

test("a list of stages in the policy is all that is looked at", async () => {
  const listed = new Story(agent, "listed_orders");
  await good(listed, "1", 1, { extract: 10, load: 10 });
  await good(listed, "2", 2, { extract: 0, load: 10 });
  expect(await listed.says()).toBe("pass");
  await good(listed, "3", 3, { extract: 10, load: 0 });
  expect(await listed.says()).toBe("block: records_zero");
});

test("rejects above one in twenty warn, where the policy does not say otherwise", async () => {
  await good(story, "1", 1, { load: { count: 94, failed: 6 } });
  expect(await story.says()).toBe("warn: records_rejected_share");
  expect(await story.status()).toBe(200);
  const half = new Story(agent, "half_orders");
  await good(half, "1", 1, { load: { count: 94, failed: 6 } });
  expect(await half.says()).toBe("pass");
});
