import { afterAll, beforeAll, expect, test } from "vitest";
import { startAgent, type TestAgent, testServer } from "../support/agent.ts";
import { type ToldServer, toldServer } from "../support/notify/http-server.ts";
import { Story } from "./story.ts";

const WITHIN = { timeout: 300_000, interval: 50 };
const DAY = 86_400;

let hook: ToldServer;
let agent: TestAgent;
beforeAll(async () => {
  hook = await toldServer({ status: 204 });
  agent = await startAgent(await testServer(), {
    yaml: `
notices:
  group_wait: 0s
  channels: [{name: hook, type: webhook, url: "${hook.url}/x"}]
gate:
  max_duration: 1h
  policies:
    - {pipeline_name: unlimited, max_duration: null}
    - {pipeline_name: "seconds_*", max_duration: 3s}
    - {pipeline_name: strict_for_one, max_duration: null, consumers: {ml: {max_duration: 1h}}}
`,
  });
});
afterAll(async () => {
  await agent.stop();
  await hook.stop();
});

const ago = (seconds: number) => Date.now() / 1000 - seconds;

/** One run that ended well two days ago, and the story of what comes after it. */
async function oneSuccess(pipeline_name: string): Promise<Story> {
  const story = new Story(agent, pipeline_name);
  const at = ago(2 * DAY);
  await story.report("records", { run_id: "good", stage: "load", count: 10, at });
  await story.run("good", "success", { started_at: at - 60, finished_at: at, at });
  expect(await story.says()).toBe("pass");
  return story;
}

test("a run that was started a day ago and never ended holds the gate, whatever ended before it, and is told of", async () => {
  const story = await oneSuccess("hung");
  await story.run("stuck", "started", { started_at: ago(DAY), at: ago(DAY) });
  const gate = await story.gate();
  expect([gate.decision, gate.run_id]).toEqual(["block", "good"]);
  expect(gate.reasons).toMatchObject([{ code: "run_overrunning", subject: "stuck", severity: "block" }]);
  await expect
    .poll(() => hook.received.map(({ body }) => (body as { title: string }).title), WITHIN)
    .toEqual([
      expect.stringMatching(
        /^hung is blocked: Run stuck has been going for 2\d h.* and has not ended, 1 h is the longest/,
      ),
    ]);
  // The question about one run is about that run.
  expect(await story.says("?run_id=good")).toBe("pass");
  await story.run("stuck", "cancelled");
  expect(await story.says()).toBe("block: run_failed");
});

test("a run-less run that hangs is told of too", async () => {
  const story = await oneSuccess("hung_without_an_id");
  await story.report("runs", { status: "started", started_at: ago(DAY), at: ago(DAY) });
  expect(await story.says()).toBe("block: run_overrunning");
});

test("an attempt that waits for a retry for too long hangs as well", async () => {
  const story = await oneSuccess("waits_for_ever");
  await story.run("r", "failed", {
    will_retry: true,
    started_at: ago(DAY),
    finished_at: ago(DAY - 60),
    at: ago(DAY - 60),
  });
  expect(await story.says()).toBe("block: run_overrunning");
});

test("each that hangs is a reason, and an end or an invalidation takes its own away", async () => {
  const story = await oneSuccess("several");
  for (const run_id of ["a", "b", "c"]) await story.run(run_id, "started", { started_at: ago(DAY), at: ago(DAY) });
  const subjects = async () => (await story.gate()).reasons.map(({ subject }) => subject);
  expect(await subjects()).toEqual(["a", "b", "c"]);
  const by = { actor: "anna", reason: "its host is gone" };
  await story.post("/v1/runs/several/b/invalidate", by);
  expect(await subjects()).toEqual(["a", "c"]);
  await story.run("a", "skipped", { finished_at: ago(DAY - 60), at: ago(DAY - 60) });
  expect(await subjects()).toContain("c");
  expect(await story.says()).toBe("block: run_overrunning, no_evidence");
});

test("time alone finds it: nobody asks, nothing is reported", async () => {
  const story = await oneSuccess("seconds_only");
  await story.run("stuck", "started");
  expect((await story.gate()).decision).toBe("pass");
  const history = async () => {
    const { body } = await agent.get("/v1/gates/seconds_only/history");
    const { items } = body as { items: { cause: string; decision: string }[] };
    return items.map(({ cause, decision }) => `${cause}: ${decision}`)[0];
  };
  await expect.poll(history, WITHIN).toBe("time: block");
});

test("a run within its time, or of a pipeline without a longest one, is not told of", async () => {
  const young = await oneSuccess("young");
  await young.run("r", "started");
  expect(await young.says()).toBe("pass");
  const unlimited = await oneSuccess("unlimited");
  await unlimited.run("r", "started", { started_at: ago(DAY), at: ago(DAY) });
  expect(await unlimited.says()).toBe("pass");
});

test("a consumer's own longest duration holds for that consumer", async () => {
  const story = await oneSuccess("strict_for_one");
  await story.run("r", "started", { started_at: ago(DAY), at: ago(DAY) });
  expect(await story.says()).toBe("pass");
  expect(await story.says("?consumer=ml")).toBe("block: run_overrunning");
});
