import { describe, expect, test } from "vitest";
import { apiKey, bearer, launchAgent, type TestAgent, testAgentOf, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

const server = await testServer();
const agent = await testAgentOf(server, {
  yaml: `
gate:
  policies:
    - pipeline_name: requires
      requires: {checks: [null_rate]}
    - pipeline_name: hung
      max_duration: 1h
    - pipeline_name: "narrow*"
      attach_window: 30m
drift:
  features:
    - {pipeline_name: stream, feature_name: country, window: 1h}
`,
});

const HOUR = 3600;
/** Unix seconds, whole. */
const NOW = Math.floor(Date.now() / 1000);
const ago = (hours: number) => NOW - Math.round(hours * HOUR);

/** The value of each series of /metrics. */
function series(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => /^(.*\S)\s+(\S+)\s*$/.exec(line)!).map(([, name, value]) => [name!, Number(value)]),
  );
}

const shownNow = async () => series((await agent.get("/metrics")).text);

let pipelines = 0;
const story = (name = `p${++pipelines}`) => new Story(agent, name);

/** A run with counts, from then to then. */
async function load(gate: Story, run_id: string, from: number, to: number | null, more: object = {}): Promise<void> {
  await gate.run(run_id, "started", { at: from });
  await gate.report("records", { run_id, stage: "load", count: 10, at: from });
  if (to !== null) await gate.run(run_id, "success", { at: to, ...more });
}

interface Answered {
  checks: { passed: boolean }[];
  ambiguous?: string[];
}

/** A check that another program makes, which knows of no run. */
async function check(gate: Story, score: number | null, at: number, more: object = {}): Promise<Answered> {
  const answer = await gate.agent.post("/v1/quality", {
    pipeline_name: gate.pipeline_name,
    check_name: "null_rate",
    score,
    threshold: 0.95,
    at,
    ...(score === null ? { error: "timeout" } : {}),
    ...more,
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.body as Answered;
}

const BLOCKED = "block: quality_below_threshold, overall_quality_below_minimum";

describe("quality without a run_id beside runs with one", () => {
  test("a failure after the run blocks its gate, and the reason says where it comes from", async () => {
    const gate = story();
    await gate.report("records", { run_id: "d1", stage: "load", count: 10 });
    await gate.run("d1", "success");
    expect(await gate.says()).toBe("pass");
    const answer = await agent.post("/v1/quality", {
      pipeline_name: gate.pipeline_name,
      check_name: "null_rate",
      score: 0.1,
    });
    expect(answer.body).toEqual({
      duplicate: false,
      checks: [{ check_name: "null_rate", score: 0.1, threshold: 0.8, passed: false }],
    });
    expect(await gate.says()).toBe(BLOCKED);
    expect(await gate.says("?run_id=d1")).toBe(BLOCKED);
    expect((await gate.gate()).reasons[0]!.detail).toMatch(/0\.8 is required \(reported without a run_id at .* UTC\)$/);
    expect(await gate.status()).toBe(423);
    expect((await agent.get(`/v1/runs?pipeline_name=${gate.pipeline_name}`)).body).toMatchObject({
      items: [{ run_id: "d1" }],
    });
  });

  test("a later result of the check ends it, whoever reports it", async () => {
    const gate = story();
    await load(gate, "d1", ago(2), ago(1));
    await check(gate, 0.1, ago(0.9));
    expect(await gate.says()).toBe(BLOCKED);
    await check(gate, 1, ago(0.8));
    expect(await gate.says()).toBe("pass");
    await check(gate, 0.1, ago(0.7));
    await gate.quality("d1", 1, { at: ago(0.6) });
    expect(await gate.says()).toBe("pass");
    // An older failure that comes late is not the last word.
    await check(gate, 0.2, ago(0.95));
    expect(await gate.says()).toBe("pass");
  });

  test("it counts for the run of its time, not for the one after it", async () => {
    const gate = story();
    await load(gate, "d1", ago(30), ago(29));
    await check(gate, 0.1, ago(28));
    await load(gate, "d2", ago(2), ago(1));
    expect(await gate.says()).toBe("pass");
    expect(await gate.says("?run_id=d1")).toBe(BLOCKED);
  });

  test("a failure during a run waits for its end, and blocks it then", async () => {
    const gate = story();
    await load(gate, "d1", ago(2), null);
    await check(gate, 0.1, ago(1));
    expect((await gate.gate("?run_id=d1")).decision).toBe("pending");
    expect(await gate.says("?run_id=d1&while_running=true")).toBe(BLOCKED);
    await gate.run("d1", "success", { at: ago(0.5) });
    expect(await gate.says()).toBe(BLOCKED);
  });

  test("several runs going on, and the last that ended: it counts for all of them, and the answer names them", async () => {
    const gate = story();
    await load(gate, "z", ago(5), ago(4));
    await load(gate, "a", ago(3), null);
    await load(gate, "b", ago(2), null);
    expect((await check(gate, 0.1, ago(1))).ambiguous).toEqual(["z", "a", "b"]);
    expect((await check(gate, 1, ago(1), { check_name: "other" })).ambiguous).toBeUndefined();
    await gate.run("a", "success", { at: ago(0.5) });
    await gate.run("b", "success", { at: ago(0.4) });
    for (const run_id of ["z", "a", "b"]) expect(await gate.says(`?run_id=${run_id}`), run_id).toBe(BLOCKED);
    // Good news is about the run that started last, and ends the failure there alone.
    await check(gate, 1, ago(0.3));
    expect(await gate.says("?run_id=b")).toBe("pass");
    expect(await gate.says("?run_id=a")).toBe(BLOCKED);
  });

  test("the same report again is answered the same: with the runs it was ambiguous about", async () => {
    const gate = story();
    await load(gate, "a", ago(3), null);
    await load(gate, "b", ago(2), null);
    const first = await check(gate, 0.1, ago(1), { id: "one" });
    expect(await check(gate, 0.1, ago(1), { id: "one" })).toEqual({ ...first, duplicate: true });
    expect(first.ambiguous).toEqual(["a", "b"]);
  });

  test("a run that hangs past its max_duration is not chosen where there is another", async () => {
    const gate = story("hung");
    await load(gate, "d1", ago(3), ago(2.5));
    await load(gate, "hung", ago(2.2), null);
    expect((await check(gate, 0.1, ago(0.5))).ambiguous).toBeUndefined();
    expect(await gate.says("?run_id=d1")).toBe(BLOCKED);
    expect((await gate.gate("?run_id=hung&while_running=true")).reasons.map(({ code }) => code)).toEqual([
      "run_overrunning",
    ]);
  });

  test("after the window the latest run is chosen, however old; within it one that ended", async () => {
    const within = story("narrow1");
    await load(within, "long", ago(5), ago(1));
    await load(within, "short", ago(4), ago(3));
    await check(within, 0.1, ago(0.5));
    expect(await within.says("?run_id=long")).toBe(BLOCKED);
    expect(await within.says("?run_id=short")).toBe("pass");

    const after = story("narrow2");
    await load(after, "long", ago(5), ago(1));
    await load(after, "short", ago(4), ago(3));
    await check(after, 0.1, NOW - HOUR / 2 + 1);
    expect(await after.says("?run_id=long")).toBe("pass");
    expect(await after.says("?run_id=short")).toBe(BLOCKED);
  });

  test("before any run it counts for the first", async () => {
    const gate = story();
    await check(gate, 0.1, ago(3));
    await load(gate, "d1", ago(2), ago(1));
    expect(await gate.says()).toBe(BLOCKED);
    await load(gate, "d2", ago(0.5), ago(0.4));
    expect(await gate.says()).toBe("pass");
    expect((await agent.get(`/v1/runs?pipeline_name=${gate.pipeline_name}`)).body).toMatchObject({
      items: [{ run_id: "d2" }, { run_id: "d1" }],
    });
  });

  test("before any run it counts for the first, although evidence of another that nobody reported is older", async () => {
    const gate = story();
    await check(gate, 0.1, ago(3));
    await gate.quality("d0", 1, { at: ago(2.5) });
    await load(gate, "d1", ago(2), ago(1));
    expect(await gate.says()).toBe(BLOCKED);
    expect(await gate.says("?consumer=anybody")).toBe(BLOCKED);
  });

  test("before any run it counts for the one that began first, although another was reported first", async () => {
    const gate = story();
    await check(gate, 0.1, ago(4));
    await gate.run("short", "started", { at: ago(2) });
    await gate.report("records", { run_id: "long", stage: "load", count: 10, at: ago(1) });
    await gate.run("long", "success", { at: ago(1), started_at: ago(3) });
    expect(await gate.gate()).toMatchObject({ run_id: "long", decision: "block" });
    expect(await gate.says("?run_id=long")).toBe(BLOCKED);
  });

  test("before any run it counts for the first, which is another one when an earlier start is reported late", async () => {
    const gate = story();
    await check(gate, 0.1, ago(3));
    await load(gate, "d1", ago(2), ago(1));
    await gate.quality("d0", 1, { at: ago(2.5) });
    expect(await gate.says()).toBe(BLOCKED);
    await gate.run("d0", "started", { at: ago(2.5) });
    expect([await gate.says(), await gate.says("?consumer=anybody")]).toEqual(["pass", "pass"]);
  });

  test("a run that only evidence speaks of is not chosen", async () => {
    const gate = story();
    await load(gate, "d1", ago(3), ago(2));
    await gate.quality("d2", 1, { at: ago(1.5) });
    await check(gate, 0.1, ago(1));
    expect(await gate.says()).toBe(BLOCKED);
    expect((await gate.gate("?run_id=d2&while_running=true")).decision).toBe("pass");
  });

  test("it satisfies no requirement, and is no evidence of the run's data by itself", async () => {
    const requires = story("requires");
    await load(requires, "d1", ago(2), ago(1));
    await check(requires, 1, ago(0.5));
    expect(await requires.says()).toBe("pending: check_missing");

    const bare = story();
    await bare.run("d1", "success", { at: ago(1) });
    await check(bare, 1, ago(0.5));
    expect(await bare.says()).toBe("unknown: no_evidence");
  });

  test("a rerun begins without what was true before it", async () => {
    const gate = story();
    await load(gate, "d1", ago(5), ago(4));
    await check(gate, 0.1, ago(3.5));
    expect(await gate.says()).toBe(BLOCKED);
    await gate.run("d1", "started", { at: ago(3), attempt: 2 });
    await gate.report("records", { run_id: "d1", stage: "load", count: 10, at: ago(2.5), attempt: 2 });
    await gate.run("d1", "success", { at: ago(2), attempt: 2 });
    expect(await gate.says()).toBe("pass");
    await check(gate, 0.1, ago(1));
    expect(await gate.says()).toBe(BLOCKED);
  });

  test("a check that could not be computed is unknown", async () => {
    const gate = story();
    await load(gate, "d1", ago(2), ago(1));
    await check(gate, null, ago(0.5));
    expect(await gate.says()).toBe("unknown: check_errored");
  });

  test("it is counted for the SLA, listed without a run, and shown as a gauge", async () => {
    const gate = story();
    await load(gate, "d1", ago(2), ago(1));
    await check(gate, 0.1, ago(0.5));
    const { pipeline_name } = gate;
    const sla = await agent.get(`/v1/sla/${pipeline_name}?days=2`);
    expect(sla.body).toMatchObject({ total: 1, passed: 0, rate: 0 });
    expect((await agent.get(`/v1/quality?pipeline_name=${pipeline_name}`)).body).toMatchObject({
      items: [{ check_name: "null_rate", score: 0.1, run_id: null }],
    });
    const shown = `data_quality_score{pipeline_name="${pipeline_name}",check_name="null_rate"}`;
    expect((await shownNow()).get(shown)).toBe(0.1);
    for (const run_id of ["d2", "d3", "d4"]) await load(gate, run_id, ago(0.4), ago(0.3));
    expect((await shownNow()).has(shown)).toBe(false);
  });

  test("what was decided on can be read, and another policy evaluated", async () => {
    const gate = story();
    await load(gate, "d1", ago(2), ago(1));
    await check(gate, 0.1, ago(0.5));
    const evaluated = (await gate.post(`/v1/gates/${gate.pipeline_name}/evaluate`, {
      policy: { attach_window: "1m", quality: { failed: "warn", overall: "off" } },
    })) as { decision: string };
    expect(evaluated.decision).toBe("warn");
    const history = await agent.get(`/v1/gates/${gate.pipeline_name}/history`);
    const [latest] = (history.body as { items: object[] }).items;
    expect(latest).toMatchObject({
      decision: "block",
      evidence: { checks: [], loose: { checks: [{ check_name: "null_rate", score: 0.1 }], features: [] } },
    });
  });

  test("records and ends without a run_id stay runs of their own", async () => {
    const gate = story();
    await load(gate, "d1", ago(5), ago(4));
    await gate.report("records", { stage: "load", count: 5, at: ago(3) });
    // A run-less run is open: this is of it.
    await check(gate, 0.1, ago(2));
    expect(await gate.says("?run_id=d1")).toBe("pass");
    await gate.report("runs", { status: "success", at: ago(1) });
    expect(await gate.says()).toBe(BLOCKED);
    expect(await gate.says("?run_id=d1")).toBe("pass");
  });
});

describe("drift without a run_id beside runs with one", () => {
  const reference = { categories: { a: 500, b: 500 } };
  const skewed = { categories: { a: 900, b: 100 } };

  async function drift(gate: Story, feature: object, at: number): Promise<Record<string, unknown>> {
    const answer = await agent.post("/v1/drift", {
      pipeline_name: gate.pipeline_name,
      at,
      features: { country: feature },
    });
    expect(answer.status, answer.text).toBe(200);
    return answer.body as Record<string, unknown>;
  }

  test("a drifted feature blocks the run it belongs to; promoting it opens the gate", async () => {
    const gate = story();
    const path = `/v1/references/${gate.pipeline_name}/country`;
    expect(
      (
        await agent.send({
          method: "PUT",
          path,
          headers: { "content-type": "application/json" },
          body: JSON.stringify(reference),
        })
      ).status,
    ).toBe(200);
    await load(gate, "a", ago(3), ago(2));
    await load(gate, "b", ago(1.5), null);
    const answer = await drift(gate, skewed, ago(1));
    expect(answer).toMatchObject({ features: { country: { verdict: "drifted" } }, ambiguous: ["a", "b"] });
    expect(await gate.says()).toBe("block: feature_drifted");
    expect((await agent.get(`/v1/drift/${gate.pipeline_name}`)).body).toMatchObject({
      items: [{ feature_name: "country", verdict: "drifted", run_id: null }],
    });
    const shown = `feature_drifted{pipeline_name="${gate.pipeline_name}",feature_name="country"}`;
    expect((await shownNow()).get(shown)).toBe(1);
    await gate.run("b", "success", { at: ago(0.5) });
    expect(await gate.says()).toBe("block: feature_drifted");
    await gate.post(`${path}/promote`, {});
    expect(await gate.says()).toBe("pass");
    expect((await shownNow()).get(shown)).toBe(0);
  });
});

test("micro-batches without a run_id that are summed in a window give a verdict that counts by its time", async () => {
  const gate = story("stream");
  await gate.agent.send({
    method: "PUT",
    path: "/v1/references/stream/country",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ categories: { a: 500, b: 500 } }),
  });
  await load(gate, "d1", ago(6), ago(5));
  expect(await gate.says()).toBe("warn: feature_missing");
  for (const _batch of [1, 2, 3]) {
    await gate.report("drift", { at: ago(1), features: { country: { categories: { a: 900, b: 100 } } } });
  }
  expect(await gate.says()).toBe("block: feature_drifted");
  expect((await agent.get("/v1/runs?pipeline_name=stream")).body).toMatchObject({ items: [{ run_id: "d1" }] });
});

describe("a pipeline without any run_id", () => {
  test("its quality makes a run-less run as before, which its end decides", async () => {
    const gate = story();
    await check(gate, 0.1, ago(1));
    expect(await gate.says()).toContain("run_missing");
    await gate.report("runs", { status: "success", at: ago(0.5) });
    expect(await gate.says()).toBe(BLOCKED);
  });

  const ended = async (gate: Story) => {
    await gate.report("runs", { status: "started", at: ago(4) });
    await gate.report("records", { stage: "load", count: 2000, at: ago(3.5) });
    await gate.report("runs", { status: "success", at: ago(3) });
    expect(await gate.says()).toBe("pass");
  };

  test("a failure after the end of a run counts for it: nobody began another", async () => {
    const gate = story();
    await ended(gate);
    await check(gate, 0.1, ago(2));
    expect(await gate.says()).toBe(BLOCKED);
    await check(gate, 1, ago(1.5));
    expect(await gate.says()).toBe("pass");
    await check(gate, 0.2, ago(1), { check_name: "late_rows" });
    expect(await gate.says()).toBe(BLOCKED);
    await gate.report("runs", { status: "started", at: ago(0.5) });
    expect(await gate.says()).toBe(BLOCKED);
    await gate.report("records", { stage: "load", count: 2100, at: ago(0.3) });
    await gate.report("runs", { status: "success", at: ago(0.1) });
    expect(await gate.says()).toBe("pass");
  });

  test("and it still does when the counts of the next run arrive, which has the check as its own too", async () => {
    const gate = story();
    await ended(gate);
    await check(gate, 0.1, ago(2));
    await gate.report("records", { stage: "load", count: 2100, at: ago(1) });
    expect(await gate.says()).toBe(BLOCKED);
    await gate.report("runs", { status: "success", at: ago(0.5) });
    expect(await gate.says()).toBe(BLOCKED);
  });

  test("a good check after the end makes nothing better: what was required of the run is still missing", async () => {
    const gate = story();
    await gate.report("runs", { status: "success", at: ago(3) });
    expect(await gate.says()).toBe("unknown: no_evidence");
    await check(gate, 1, ago(2));
    expect(await gate.says()).toBe("unknown: no_evidence");
  });

  test("a run that is ended by the id that it was given stays run-less, and keeps its checks", async () => {
    const gate = story();
    await check(gate, 0.1, ago(3));
    const { items } = (await agent.get(`/v1/runs?pipeline_name=${gate.pipeline_name}`)).body as {
      items: { run_id: string }[];
    };
    const { run_id } = items[0]!;
    await gate.report("runs", { run_id, status: "success", finished_at: ago(2), at: ago(2) });
    expect(await gate.says()).toBe(BLOCKED);
    expect((await agent.get(`/v1/runs/${gate.pipeline_name}/${run_id}`)).body).toMatchObject({
      checks: [{ score: 0.1 }],
    });
  });
});

test("a restart shows and says the same", async () => {
  const { entry, key } = apiKey("all", ["admin"]);
  const first: TestAgent = await testAgentOf(server, { keys: [entry] });
  const headers = bearer(key);
  const send = async (path: string, body: object) => {
    const answer = await first.post(path, { pipeline_name: "p", ...body }, headers);
    expect(answer.status, answer.text).toBe(200);
  };
  await send("/v1/quality", { check_name: "early", score: 0.5, at: ago(4) });
  await send("/v1/runs", { run_id: "d1", status: "started", at: ago(3) });
  await send("/v1/records", { run_id: "d1", stage: "load", count: 3, at: ago(3) });
  await send("/v1/runs", { run_id: "d1", status: "success", at: ago(2) });
  await send("/v1/quality", { check_name: "null_rate", score: 0.1, at: ago(1) });
  const gauges = (text: string) => [...series(text)].filter(([name]) => /^(data_quality|gate_)/.test(name)).sort();
  const before = gauges((await first.get("/metrics", headers)).text);
  expect(before).toContainEqual(['data_quality_score{pipeline_name="p",check_name="null_rate"}', 0.1]);
  expect(before).toContainEqual(['data_quality_score{pipeline_name="p",check_name="early"}', 0.5]);
  const url = first.database_url;
  await first.stop();
  const second = await (await launchAgent(url, { keys: [entry] })).ready;
  try {
    expect(gauges((await second.get("/metrics", headers)).text)).toEqual(before);
    expect((await second.get("/v1/gates/p", headers)).body).toMatchObject({ decision: "block" });
  } finally {
    await second.stop();
  }
});
