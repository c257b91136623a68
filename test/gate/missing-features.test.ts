import { expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

/** Features with a reference that a run does not report, over the runs before it. */

const agent = await testAgentOf(await testServer(), {
  yaml: `
gate:
  policies:
    - pipeline_name: required
      requires: {features: [amount]}
`,
});

const START = Math.floor(Date.now() / 1000) - 86_400;
const AMOUNT = { amount: { counts: [500, 300, 200] } };

async function withReference(pipeline_name: string): Promise<Story> {
  const path = `/v1/references/${pipeline_name}/amount`;
  const headers = { "content-type": "application/json" };
  const put = await agent.send({ method: "PUT", path, headers, body: '{"counts": [500, 300, 200]}' });
  expect(put.status, put.text).toBe(200);
  return new Story(agent, pipeline_name);
}

/** The n-th run, an hour after the one before. */
async function run(one: Story, n: number, features: object | null, status = "success"): Promise<void> {
  const begin = START + n * 3600;
  await one.run(`r${n}`, "started", { at: begin, started_at: begin });
  await one.report("records", { run_id: `r${n}`, stage: "extract", count: 10, at: begin + 60 });
  if (features !== null) await one.report("drift", { run_id: `r${n}`, features, at: begin + 120 });
  await one.run(`r${n}`, status, { at: begin + 600 });
}

test("without a run that had it a feature is missed with a warning, once the run has ended", async () => {
  const one = await withReference("warned");
  await run(one, 0, null);
  const { decision, allowed, reasons } = await one.gate();
  expect([decision, allowed]).toEqual(["warn", true]);
  expect(reasons).toMatchObject([{ code: "feature_missing", severity: "warn", subject: "amount" }]);
  await one.run("r1", "started", { at: START + 3600 });
  expect(await one.says("?run_id=r1")).toBe("pending: run_in_progress");
  await one.report("records", { run_id: "r1", stage: "extract", count: 10 });
  expect(await one.says("?run_id=r1&while_running=true")).toBe("pass");
});

test("one that each of the eight runs before had blocks, and seven are not enough", async () => {
  const one = await withReference("usual");
  for (let n = 0; n < 7; n++) await run(one, n, AMOUNT);
  await run(one, 7, AMOUNT, "failed");
  await run(one, 8, null);
  expect(await one.says()).toBe("warn: feature_missing");
  // The run that failed is put right after all: now there are eight of them, and the decision is another one.
  await one.run("r7", "success", { at: START + 7 * 3600 + 900 });
  const gate = await one.gate();
  expect(gate).toMatchObject({ decision: "block", allowed: false, run_id: "r8" });
  expect(gate.reasons).toMatchObject([
    {
      code: "feature_missing",
      severity: "block",
      detail:
        "amount has a reference, but the run reported no feature; each of the 8 runs before that went well had it",
    },
  ]);
  await one.report("drift", { run_id: "r8", features: AMOUNT });
  expect(await one.says()).toBe("pass");
  await one.post("/v1/runs/usual/r3/invalidate", { actor: "anna", reason: "wrong source" });
  await run(one, 9, null);
  expect(await one.says()).toBe("block: feature_missing");
  await one.post("/v1/runs/usual/r5/invalidate", { actor: "anna", reason: "wrong source" });
  await run(one, 10, AMOUNT);
  await run(one, 11, null);
  // Of the eight before, one is the run that lacked it too.
  expect(await one.says()).toBe("warn: feature_missing");
});

test("one that the policy requires blocks a run that ended without it, and waits for one that is going on", async () => {
  const one = await withReference("required");
  await one.run("r0", "started", { at: START });
  await one.report("records", { run_id: "r0", stage: "extract", count: 10, at: START });
  expect(await one.says("?run_id=r0&while_running=true")).toBe("pending: feature_missing");
  await one.run("r0", "success", { at: START + 60 });
  expect(await one.says()).toBe("block: feature_missing");
  await one.report("drift", { run_id: "r0", features: AMOUNT });
  expect(await one.says()).toBe("pass");
});
