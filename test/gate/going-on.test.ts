import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { launchAgent, newDatabase, testAgentOf, testServer } from "../support/agent.ts";
import { type Gate, Story } from "./story.ts";

/** Evidence of a run that goes on decides nothing; who asks is answered from all of it. */

const server = await testServer();
const yaml = `
gate:
  policies:
    - {pipeline_name: "off_*", run: off}
    - {pipeline_name: "short_*", max_duration: 1h}
    - {pipeline_name: "aged_*", max_age: 2h}
    - {pipeline_name: "needs_*", requires: {checks: [second]}}
    - {pipeline_name: "lenient_*", on_unknown: allow}
`;
const agent = await testAgentOf(server, { yaml });

let stories = 0;
const story = (prefix = "going_on") => new Story(agent, `${prefix}_${++stories}`);

async function history(one: Story): Promise<{ cause: string; decision: string; run_id: string }[]> {
  const answer = await agent.get(`/v1/gates/${one.pipeline_name}/history?limit=1000`);
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { items: { cause: string; decision: string; run_id: string }[] }).items.reverse();
}

describe("evidence of a run that goes on", () => {
  test("makes no line of history, and the run's end makes one", async () => {
    const one = story();
    await one.run("r", "started");
    for (let i = 0; i < 20; i++) await one.quality("r", i % 2);
    await one.report("records", { run_id: "r", stage: "load", count: 0 });
    await one.run("r", "success");
    expect((await history(one)).map(({ decision, run_id }) => [decision, run_id])).toEqual([
      ["pending", "r"],
      ["block", "r"],
    ]);
  });

  test("is in the next answer all the same, of one gate and of all", async () => {
    const one = story();
    await one.run("r", "started");
    const before = await one.gate();
    expect(before.reasons.map(({ code }) => code)).toEqual(["run_in_progress"]);
    await one.quality("r", 0.5);
    expect(await one.says()).toBe("pending: run_in_progress, quality_below_threshold, overall_quality_below_minimum");
    const all = await agent.get("/v1/gates?limit=500");
    expect(all.status, all.text).toBe(200);
    const listed = all.body as {
      items: { pipeline_name: string; decision_id: string; reasons: unknown[] }[];
    };
    const now = await one.gate();
    expect(now.decision_id).not.toBe(before.decision_id);
    const mine = listed.items.find(({ pipeline_name }) => pipeline_name === one.pipeline_name)!;
    expect([mine.decision_id, mine.reasons]).toEqual([now.decision_id, now.reasons]);
    // A number that moves on makes no other decision, nor does it where a decision is stored.
    await one.quality("r", 0.4);
    const moved = await one.gate();
    expect(moved.decision_id).toBe(now.decision_id);
    expect(moved.reasons).not.toEqual(now.reasons);
    // What is said is the same as at first: so is its name.
    await one.quality("r", 1);
    expect(await one.gate()).toMatchObject({ decision_id: before.decision_id, reasons: before.reasons });
  });

  test("wakes nobody who waits before the run has ended", async () => {
    const one = story();
    await one.run("r", "started");
    const waiting = one.gate("?wait=30s");
    for (let i = 0; i < 5; i++) await one.quality("r", 0.1);
    await one.run("r", "success");
    expect(await waiting).toMatchObject({ decision: "block", run_id: "r" });
  });

  test("is in the answers of an agent that starts again", async () => {
    const url = await newDatabase(server);
    const first = await (await launchAgent(url)).ready;
    const before = new Story(first, "restarted");
    await before.run("r", "started");
    await before.quality("r", 0.5);
    await first.stop();
    const second = await (await launchAgent(url)).ready;
    expect(await new Story(second, "restarted").says()).toBe(
      "pending: run_in_progress, quality_below_threshold, overall_quality_below_minimum",
    );
    await second.stop();
  });
});

const START = Date.now() / 1000 - 1800;
const run_id = fc.constantFrom("a", "b");
const at = fc.integer({ min: 0, max: 1700 }).map((after) => START + after);
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("runs"),
      run_id,
      at,
      status: fc.constantFrom("started", "success", "failed"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("runs"),
      run_id,
      at,
      status: fc.constant("failed"),
      will_retry: fc.constant(true),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("quality"),
      run_id,
      at,
      check_name: fc.constantFrom("first", "second"),
      score: fc.constantFrom(0, 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("records"),
      run_id,
      at,
      stage: fc.constant("load"),
      count: fc.constantFrom(0, 10),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("records"),
      run_id,
      at,
      stage: fc.constant("load"),
      count: fc.constant(-1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("quality"),
      at,
      check_name: fc.constant("loose"),
      score: fc.constantFrom(0, 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("freshness"), run_id, at, data_through: at }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("override"), run_id, decision: fc.constantFrom("pass", "block") }),
  },
);

const PREFIXES = ["going_on", "off", "short", "aged", "needs", "lenient"];

/** Said of all that is stored, since the consumer has no answer ready: nothing that was acknowledged may be missing in the other. */
async function asked(one: Story): Promise<unknown[]> {
  const [ready, anew] = [await one.gate(), await one.gate("?consumer=anybody")].map((gate) => {
    const { decision_id, policy_version, decided_at, ...said } = gate as Gate & { decided_at: string };
    return said;
  });
  expect(ready).toEqual(anew);
  const lines = await history(one);
  // What is stored, and the metrics with it, has the same word.
  if (lines.length > 0) expect(lines.at(-1)!.decision).toBe(ready!.decision);
  return lines;
}

test("whatever comes in whatever order, who asks after it was acknowledged sees it", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...PREFIXES),
      fc.array(step, { minLength: 1, maxLength: 12 }),
      async (prefix, steps) => {
        const one = story(prefix);
        for (const { kind, ...body } of steps) {
          const { pipeline_name } = one;
          if (kind === "override") {
            const by = { actor: "anna", reason: "DATA-12", expires_in: "1h" };
            await agent.post(`/v1/gates/${pipeline_name}/overrides`, { ...by, ...body });
          } else {
            const answer = await agent.post(`/v1/${kind}`, { pipeline_name, ...body });
            expect([200, 422], answer.text).toContain(answer.status);
          }
          await asked(one);
        }
      },
    ),
    { numRuns: 60 },
  );
});
