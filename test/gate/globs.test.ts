import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { expectProblem } from "../http/problems.ts";
import { launchAgent, testAgentOf, testServer } from "../support/agent.ts";

const server = await testServer();
const agent = await testAgentOf(server);
const PATIENT = { timeout: 300_000 };
/** To an engine that tries one way after another this is one of the worst. */
const SLOW = "*a*a*a*a*b";
const LONG = "a".repeat(190);

const evaluate = (pipeline_name: string, policy: object) =>
  agent.post(`/v1/gates/${pipeline_name}/evaluate`, { policy });

test("a policy with a glob that fits in countless ways, or hardly not, is evaluated like any other", async () => {
  await agent.post("/v1/quality", { pipeline_name: "slow", run_id: "1", check_name: LONG, score: 0.5 });
  await agent.post("/v1/runs", { pipeline_name: "slow", run_id: "1", status: "success" });
  for (const glob of [SLOW, `${"*a".repeat(95)}*b`, `${"?*".repeat(99)}b`, `*${"a?".repeat(90)}b*`]) {
    const policy = {
      quality: { minimum: null, checks: [{ check_name: glob, effect: "warn" }] },
      requires: { checks: [glob] },
    };
    const { status, body } = await evaluate("slow", policy);
    expect(status).toBe(200);
    const codes = (body as { reasons: { code: string }[] }).reasons.map(({ code }) => code).sort();
    expect(codes).toEqual(["check_missing", "quality_below_threshold"]);
  }
  const { body } = await evaluate("slow", {
    quality: { minimum: null, checks: [{ check_name: "*a*a*a*a*", effect: "warn" }] },
  });
  expect(body).toMatchObject({ decision: "warn" });
});

test("a thousand globs are held against ten thousand checks; more work than that is refused", async () => {
  const checks = Array.from({ length: 10_000 }, (_, i) => ({ check_name: `check_${i}_of_many`, score: 1 }));
  for (let i = 0; i < checks.length; i += 1000) {
    const part = { pipeline_name: "many", run_id: "1", checks: checks.slice(i, i + 1000) };
    expect((await agent.post("/v1/quality", part)).status).toBe(200);
  }
  await agent.post("/v1/runs", { pipeline_name: "many", run_id: "1", status: "success" });
  const rules = (glob: (i: number) => string, count = 1000) => ({
    quality: { checks: Array.from({ length: count }, (_, i) => ({ check_name: glob(i), effect: "warn" })) },
  });
  expect(
    (
      await evaluate(
        "many",
        rules((i) => `check_${i}_*`),
      )
    ).body,
  ).toMatchObject({ decision: "pass" });
  expect(
    (
      await evaluate(
        "many",
        rules((i) => `check_${i}_of_many`),
      )
    ).body,
  ).toMatchObject({ decision: "pass" });
  expectProblem(
    await evaluate(
      "many",
      rules((i) => `*_${i}_*`),
    ),
    "invalid_body",
    /^policy: its globs held against the 10000 checks, .* are more work than one question may ask for/,
    [{ path: "policy", message: expect.stringContaining("use fewer globs") as unknown as string }],
  );
  expect(
    (
      await evaluate(
        "many",
        rules((i) => `*_${i}_*`, 100),
      )
    ).body,
  ).toMatchObject({ decision: "pass" });
  const answer = await evaluate(
    "many",
    rules((i) => `c${i}*`, 1001),
  );
  expect(answer.body).toMatchObject({ code: "invalid_body", detail: expect.stringContaining("at most 1000") });
  const large = {
    quality: { checks: Array.from({ length: 6000 }, () => ({ check_name: "x".repeat(190), effect: "warn" })) },
  };
  expect((await evaluate("many", large)).status).toBe(413);
});

test("a stored mute with such a glob keeps nobody from starting, and mutes what it fits", async () => {
  const heard: string[] = [];
  const hook = http.createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      heard.push(text);
      response.end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  afterAll(() => hook.close());
  const { port } = hook.address() as AddressInfo;
  const yaml = `notices: {group_wait: 0s, channels: [{name: hook, type: webhook, url: "http://127.0.0.1:${port}/"}]}\n`;
  const first = await testAgentOf(server, { yaml });
  await first.query(
    `INSERT INTO mute (mute_id, pipeline_name, reason, actor, created_at, expires_at)
     SELECT gen_random_uuid(), glob, 'r', 'a', now(), now() + interval '1 hour'
       FROM unnest($1::text[]) glob`,
    [[SLOW, "*b*b*b*b*c*"]],
  );
  const fail = (pipeline_name: string) => first.post("/v1/runs", { pipeline_name, run_id: "1", status: "failed" });
  await fail(LONG);
  await fail(`${"b".repeat(180)}c`);
  await expect.poll(() => heard.join("\n"), PATIENT).toContain(LONG);
  await first.stop();
  const { ready } = await launchAgent(first.database_url, { yaml });
  const again = await ready;
  try {
    expect((await again.get("/healthz")).status).toBe(200);
    await again.post("/v1/runs", { pipeline_name: "heard", run_id: "1", status: "failed" });
    await expect.poll(() => heard.join("\n"), PATIENT).toContain('"heard"');
    expect(heard.join("\n")).not.toContain("bbbbc");
  } finally {
    await again.stop();
  }
});
