import { beforeAll, describe, expect, test } from "vitest";
import { expectProblem } from "../http/problems.ts";
import { apiKey, bearer, testAgentOf, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

const server = await testServer();
const operator = apiKey("operator", ["operate", "report", "read"]);
const limited = apiKey("limited", ["read", "report"], ["mine*"]);
const keyed = await testAgentOf(server, { keys: [operator.entry, limited.entry] });
const agent = await testAgentOf(server, {
  yaml: `
gate:
  policies:
    - pipeline_name: mart
      depends_on: [staging, other]
    - pipeline_name: report
      depends_on: [mart]
    - pipeline_name: mart_of_days
      depends_on: [source_of_days]
    - pipeline_name: scores
      consumers:
        bi: {quality: {failed: warn, minimum: null}}
        ml: {quality: {checks: [{check_name: null_rate, minimum: 0.999}]}}
    - pipeline_name: short_lived
      max_age: 1s
alertmanager:
  repeat_interval: 1h
`,
});

async function good(pipeline_name: string, run_id = "1", more: object = {}): Promise<Story> {
  const story = new Story(agent, pipeline_name);
  await story.quality(run_id, 0.99);
  await story.run(run_id, "success", more);
  return story;
}

async function bad(pipeline_name: string): Promise<Story> {
  const story = await good(pipeline_name);
  await story.quality("1", 0.94);
  return story;
}

describe("an override", () => {
  test("opens a closed gate until it ends, keeps the reasons, and is audited", async () => {
    const story = await bad("overridden");
    expect(await story.says()).toBe("block: quality_below_threshold");
    const { override_id } = await story.override({ decision: "pass" });
    const gate = await story.gate();
    expect([gate.decision, gate.allowed, gate.override?.actor]).toEqual(["pass", true, "anna"]);
    expect(gate.reasons.map(({ code }) => code)).toEqual(["quality_below_threshold"]);
    const path = `/v1/gates/overridden/overrides/${override_id}?actor=bob`;
    expect((await agent.send({ method: "DELETE", path })).status).toBe(204);
    expect(await story.says()).toBe("block: quality_below_threshold");
    expectProblem(
      await agent.send({ method: "DELETE", path }),
      "not_found",
      `override_id: "${override_id}" of "overridden" is no override that holds now`,
    );
    const { items } = (await agent.get("/v1/gates/overridden/overrides")).body as { items: object[] };
    expect(items).toMatchObject([{ override_id, actor: "anna", reason: "DATA-12", ended_by: "bob" }]);
    const history = (await agent.get("/v1/gates/overridden/history")).body as { items: { cause: string }[] };
    expect(history.items.map(({ cause }) => cause)).toEqual([
      "override",
      "override",
      "evidence",
      "evidence",
      "evidence",
    ]);
  });

  test("closes an open gate, and says who did it and why", async () => {
    const story = await good("blocked_by_hand");
    await story.override({ decision: "block", reason: "the source is being repaired" });
    const [reason] = (await story.gate()).reasons;
    expect(reason).toMatchObject({ code: "manual_block", severity: "block" });
    expect(reason!.detail).toMatch(/^Blocked by anna until .*: the source is being repaired$/);
    expect(await story.status()).toBe(423);
  });

  test("of one run is about no other", async () => {
    const story = await bad("one_run");
    await story.override({ decision: "pass", run_id: "1" });
    expect(await story.says("?run_id=1")).toBe("pass: quality_below_threshold");
    await story.quality("2", 0.5);
    await story.run("2", "success");
    expect((await story.gate()).allowed).toBe(false);
  });

  test("is over when its time is, without anybody reporting anything", async () => {
    const story = await bad("expiring");
    await story.override({ decision: "pass", expires_in: "1s" });
    expect((await story.gate()).allowed).toBe(true);
    await expect.poll(() => story.status(), { timeout: 120_000 }).toBe(423);
    await expect
      .poll(async () => (await agent.get("/metrics")).text, { timeout: 120_000 })
      .toMatch(/gate_allowed\{pipeline_name="expiring"\} +0\n/);
  });

  test.each([
    [{ expires_in: "8d" }, /^expires_in: "8d" given; must be after now and at most 7 days ahead/],
    [
      { expires_in: undefined },
      /^expires_in: exactly one of expires_in \(such as 2h\) and expires_at \(a time\) is needed$/,
    ],
    [{ expires_in: "soon" }, /^expires_in: "soon" given; must be a whole number with a unit: 30s, 10m, 2h, 7d$/],
    [{ expires_at: "2020-01-01T00:00:00Z", expires_in: undefined }, /^expires_at: .* must be after now/],
    [{ decision: "allow" }, /^decision: "allow" given; must be pass or block$/],
    [{ actor: " " }, /^actor: " " given; must be who does it/],
    [{ reason: undefined }, /^reason: missing; must be why: a text/],
    [
      { ticket: "x" },
      /^ticket: unknown field "ticket"; the fields are decision, reason, actor, run_id, expires_in, expires_at$/,
    ],
  ])("%j is refused with the field and what it may be", async (change, detail) => {
    const body = { decision: "pass", reason: "r", actor: "a", expires_in: "1h", ...change };
    const answer = await agent.post("/v1/gates/overridden/overrides", body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: "invalid_body", detail: expect.stringMatching(detail) });
  });

  test("is one of a hundred at most that hold: each decision is held against all of them", async () => {
    const story = new Story(agent, "many_overrides");
    await story.run("1", "failed");
    const body = { decision: "block", actor: "anna", reason: "again", expires_in: "1h", run_id: "1" };
    const path = "/v1/gates/many_overrides/overrides";
    const added: string[] = [];
    for (let i = 0; i < 100; i++) added.push((await story.override(body)).override_id as string);
    expectProblem(
      await agent.post(path, body),
      "limit_reached",
      /"many_overrides" has 100 overrides that hold now; end one/,
    );
    expect((await agent.send({ method: "DELETE", path: `${path}/${added[0]}?actor=anna` })).status).toBe(204);
    await story.override({ ...body, decision: "pass" });
    expectProblem(await agent.post(path, body), "limit_reached", /"many_overrides" has 100 overrides/);
  });

  test("goes by its id alone", async () => {
    const path = `/v1/gates/overridden/overrides/${"-".repeat(36)}`;
    expect((await agent.send({ method: "DELETE", path })).status).toBe(400);
  });

  test("of a pipeline that never reported is most likely a typing error", async () => {
    const body = { decision: "pass", reason: "r", actor: "a", expires_in: "1h" };
    const answer = await agent.post("/v1/gates/ordrs/overrides", body);
    expectProblem(answer, "not_found", 'pipeline_name: nothing was reported of "ordrs"');
  });

  test("tells which key it came with", async () => {
    const headers = bearer(operator.key);
    await keyed.post("/v1/quality", { pipeline_name: "p", run_id: "1", check_name: "c", score: 1 }, headers);
    const body = { decision: "block", reason: "r", actor: "a", expires_in: "1h" };
    expect((await keyed.post("/v1/gates/p/overrides", body, headers)).status).toBe(201);
    expect(await keyed.query("SELECT key_name FROM gate_override")).toEqual([{ key_name: "operator" }]);
  });
});

describe("upstreams", () => {
  test("that are not allowed close the gates below them, and the reason says which and why", async () => {
    const [staging, mart, report] = [await good("staging"), await good("mart"), await good("report")];
    expect(await mart.says()).toBe("block: upstream_blocked");
    expect((await mart.gate()).reasons[0]).toMatchObject({
      subject: "other",
      detail: expect.stringMatching(/^Upstream other is unknown/),
    });
    await good("other");
    expect([await mart.says(), await report.says()]).toEqual(["pass", "pass"]);
    await staging.quality("1", 0.1);
    expect(await report.says()).toBe("block: upstream_blocked");
    expect((await report.gate()).reasons[0]!.detail).toMatch(
      /Upstream mart is blocked: Upstream staging is blocked: null_rate scored 0.1/,
    );
    const metrics = (await agent.get("/metrics")).text.replace(/ +/g, " ");
    expect(metrics).toContain('gate_allowed{pipeline_name="report"} 0\n');
    expect(metrics).toContain('pipeline_upstream_info{pipeline_name="mart",upstream="staging"} 1\n');
    await staging.override({ decision: "pass" });
    expect(await report.says()).toBe("pass");
  });

  test("count by their run of the same data interval, else by their latest", async () => {
    const interval = (day: string) => ({
      data_interval_start: `${day}T00:00:00Z`,
      data_interval_end: `${day}T23:00:00Z`,
    });
    const upstream = await good("source_of_days", "monday", interval("2026-11-16"));
    const mart = await good("mart_of_days", "monday", interval("2026-11-16"));
    await upstream.run("tuesday", "failed", interval("2026-11-17"));
    expect(await upstream.says()).toBe("block: run_failed");
    expect(await mart.says("?run_id=monday")).toBe("pass");
    await good("mart_of_days", "tuesday", interval("2026-11-17"));
    expect(await mart.says("?run_id=tuesday")).toBe("block: upstream_blocked");
    expect(await mart.says("?run_id=monday")).toBe("pass");
    expect(await mart.says()).toBe("block: upstream_blocked");
  });
});

test("a consumer sees its own policy: looser for dashboards, stricter for training", async () => {
  const scores = await bad("scores");
  expect(await scores.says()).toBe("block: quality_below_threshold");
  expect(await scores.says("?consumer=bi")).toBe("warn: quality_below_threshold");
  await scores.quality("1", 0.99);
  expect([await scores.says(), await scores.says("?consumer=ml")]).toEqual(["pass", "block: quality_below_threshold"]);
});

test("evidence grows old by itself", async () => {
  const story = await good("short_lived");
  await expect.poll(() => story.says(), { timeout: 120_000 }).toBe("unknown: evidence_stale");
  await expect
    .poll(async () => (await agent.get("/v1/gates/short_lived/history")).body, { timeout: 120_000 })
    .toMatchObject({ items: [{ cause: "time", decision: "unknown" }, {}, {}] });
});

describe("an invalidated run", () => {
  const sla = async (kind: string) => (await agent.get(`/v1/sla/invalid?kind=${kind}`)).body as object;
  let story: Story;
  const invalidation = async () =>
    (await story.gate("?run_id=bad")).reasons.find(({ code }) => code === "manual_block")?.detail;
  beforeAll(async () => {
    story = await good("invalid", "good");
    await story.quality("bad", 0.1);
    await story.run("bad", "failed");
  });

  test("leaves the SLA with its rows and rollups, and closes its gate", async () => {
    expect(await sla("quality")).toMatchObject({ total: 2, passed: 1, excluded: 0 });
    const body = { actor: "anna", reason: "read from the wrong bucket" };
    expect(await story.post("/v1/runs/invalid/bad/invalidate", body)).toMatchObject({ already: false });
    expect(await sla("quality")).toMatchObject({ total: 1, passed: 1, excluded: 1, rate: 100 });
    expect(await sla("run")).toMatchObject({ total: 1, passed: 1, excluded: 1 });
    expect(await invalidation()).toContain("anna");
    expect(await invalidation()).toContain("read from the wrong bucket");
    expect(await story.post("/v1/runs/invalid/bad/invalidate", { ...body, actor: "bob" })).toMatchObject({
      already: true,
    });
    expect(await invalidation()).toContain("anna");
  });

  test("takes what is reported of it later with it", async () => {
    await story.quality("bad", 0.2);
    expect(await sla("quality")).toMatchObject({ total: 1, passed: 1, excluded: 2 });
    const days = await agent.query(
      "SELECT sum(total) AS total, sum(excluded) AS excluded FROM sla_day WHERE kind = 'quality' AND pipeline_id = (SELECT pipeline_id FROM pipeline WHERE pipeline_name = 'invalid')",
    );
    expect(days).toEqual([{ total: "1", excluded: "2" }]);
  });

  test("is heard over an override that let everything pass; only one for this very run opens it again", async () => {
    const passed = await good("passed_then_invalid", "1");
    await passed.override({ decision: "pass" });
    await passed.post("/v1/runs/passed_then_invalid/1/invalidate", { actor: "anna", reason: "wrong bucket" });
    expect(await passed.status()).toBe(423);
    await passed.override({ decision: "pass", run_id: "1" });
    expect(await passed.status()).toBe(200);
  });

  test("that was never heard of is not found", async () => {
    const answer = await agent.post("/v1/runs/invalid/never/invalidate", { actor: "a", reason: "r" });
    expectProblem(answer, "not_found", 'run_id: nothing was reported of run "never" of "invalid"');
  });
});

describe("a mute", () => {
  test("is made, listed and ended, and changes no decision", async () => {
    const story = await bad("muted");
    const { mute_id } = await story.post("/v1/mutes", {
      pipeline_name: "mut*",
      code: "quality_below_threshold",
      reason: "r",
      actor: "a",
      expires_in: "1h",
    });
    expect((await agent.get("/v1/mutes")).body).toMatchObject({ items: [{ mute_id, pipeline_name: "mut*" }] });
    expect(await story.says()).toBe("block: quality_below_threshold");
    expect((await agent.send({ method: "DELETE", path: `/v1/mutes/${mute_id}` })).status).toBe(204);
    expect((await agent.get("/v1/mutes")).body).toMatchObject({ items: [] });
  });

  test("of a code that there is not is refused with those there are", async () => {
    const answer = await agent.post("/v1/mutes", { code: "nope", reason: "r", actor: "a", expires_in: "1h" });
    expect(answer.body).toMatchObject({
      code: "invalid_body",
      detail: expect.stringContaining('"nope" given; must be one of run_failed,'),
    });
  });
});

describe("POST …/evaluate", () => {
  test("says what another policy would say, and stores nothing", async () => {
    const story = await bad("evaluated");
    const before = (await agent.get("/v1/gates/evaluated/history")).text;
    const body = { policy: { quality: { checks: [{ check_name: "null_*", effect: "warn" }] }, max_age: "26h" } };
    expect(await story.post("/v1/gates/evaluated/evaluate", body)).toMatchObject({ decision: "warn", allowed: true });
    expect((await agent.get("/v1/gates/evaluated/history")).text).toBe(before);
  });

  test("tells a key for some pipelines nothing of others", async () => {
    const headers = bearer(limited.key);
    const body = { policy: { depends_on: ["other_secret"] } };
    const answer = await keyed.post("/v1/gates/mine/evaluate", body, headers);
    expectProblem(answer, "forbidden", 'pipeline_name: "other_secret" given; this API key is for mine*');
  });

  test("of a pipeline that would wait for itself is refused", async () => {
    const answer = await agent.post("/v1/gates/evaluated/evaluate", { policy: { depends_on: ["evaluated"] } });
    const detail = 'policy.depends_on: "evaluated" given; a pipeline cannot depend on itself';
    expect(answer.body).toMatchObject({ code: "invalid_body", detail });
  });

  test("names the key of a wrong policy", async () => {
    const answer = await agent.post("/v1/gates/evaluated/evaluate", { policy: { quality: { minimum: 95 } } });
    const detail =
      "policy.quality.minimum: 95 given; must be a number from 0 to 1 such as 0.95, or null (not looked at)";
    expect(answer.body).toMatchObject({ code: "invalid_body", detail });
  });
});

test("a decision's policy can be read by its version", async () => {
  const story = await good("versioned");
  const { policy_version } = await story.gate();
  const answer = await agent.get(`/v1/gate-policies/${policy_version}`);
  expect(answer.body).toMatchObject({ policy_version, policy: { on_unknown: "block", quality: { minimum: 0.9 } } });
  expect((await agent.get("/v1/gate-policies/nope")).status).toBe(404);
});
