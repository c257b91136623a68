import { describe, expect, it } from "vitest";
import { oldestReference } from "../../src/client/delivery/post/agent-contract.ts";
import { referenceFrom } from "../../src/client/histogram/reference-from.ts";
import { testAgentOf, testServer } from "../support/agent.ts";
import { temporaryDirectory } from "./support/bundle.ts";
import { clientMaker } from "./support/client.ts";
import { olderAgent } from "./support/older-agent.ts";
import { startProxy } from "./support/proxy.ts";
import { storedRun } from "./support/stored.ts";

const agent = await testAgentOf(await testServer());
const proxy = await startProxy(agent.port);
const newClient = clientMaker(temporaryDirectory());
const posts = () => proxy.received.filter(({ path }) => path === "/v1/reports");
const NEWER = { run_id: "r1", resumes: true, logical_date: "2026-11-20T00:00:00Z" };

describe("an agent that is older than the client", () => {
  it("gets everything, without the fields that it does not know, and that is said once", async () => {
    proxy.misbehave(olderAgent(agent.port));
    const client = newClient(proxy.url);
    await client.pipeline("orders").run((run) => {
      run.records("load", 7, { try: 2, expected_min: 5, expected_min_of: "stage" });
      run.records("extract", -1);
      run.quality("null_rate", 1);
    }, NEWER);
    await client.flush();
    const { status, stages, checks } = (await storedRun(agent, "orders", "r1"))!;
    expect([status, stages.map(({ count }) => count), checks.length]).toEqual(["success", [7], 1]);
    expect(client.stats()).toMatchObject({ sent: 4, dead: 0, dropped: 1, reduced: 3 });
    expect(client.warnings.filter((line) => line.includes("is older than this client"))).toHaveLength(1);
  });

  it("is not sent them again once it is known", async () => {
    proxy.misbehave(olderAgent(agent.port));
    const client = newClient(proxy.url);
    await client.pipeline("orders").run(() => {}, { ...NEWER, run_id: "first" });
    const before = posts().length;
    await client.pipeline("orders").run((run) => run.records("load", 1, { try: 2 }), { ...NEWER, run_id: "second" });
    const bodies = posts().slice(before);
    expect(bodies.map(({ body }) => body).join("")).not.toMatch(/"(try|resumes|logical_date)":/);
    expect((await storedRun(agent, "orders", "second"))!.status).toBe("success");
    expect(client.stats()).toMatchObject({ sent: 5, dead: 0 });
  });

  it("gets the counts of features, without what is known of their rows", async () => {
    proxy.misbehave(olderAgent(agent.port));
    const client = newClient(proxy.url);
    const reference = { edges: [0, 2, 4], counts: [1, 1], min: 0.5, max: 3 };
    await client.pipeline("orders").run(
      (run) => {
        run.drift({ min: [1, 2, 2, null], colour: ["max", "max"], own: { edges: [0, 1], counts: [5], mean: 0.5 } });
        client.report({
          kind: "drift",
          pipeline_name: "orders",
          run_id: "drifted",
          features: { inline: { kind: "numeric", n: 2, counts: [1, 1], reference } as never },
        });
      },
      { run_id: "drifted" },
    );
    await client.flush();
    expect(client.stats()).toMatchObject({ dead: 0, dropped: 0, queued: 0 });
    const { body } = await agent.get("/v1/drift/orders");
    const judged = (body as { items: { feature_name: string; n_current: number }[] }).items;
    expect(Object.fromEntries(judged.map(({ feature_name, n_current }) => [feature_name, n_current]))).toEqual({
      min: 4,
      colour: 2,
      own: 5,
      inline: 2,
    });
  });

  it("stores a reference without what is known of its rows", async () => {
    proxy.misbehave(olderAgent(agent.port));
    await newClient(proxy.url)
      .pipeline("stored")
      .setReference("age", referenceFrom([1, 2, 3, 4]), { note: "old" });
    const { body } = await agent.get("/v1/references/stored/age");
    expect(body).toMatchObject({ edges: [1, 2.5, 4], counts: [2, 2], note: "old" });
  });

  it("refuses for good what is wrong in itself, and that is kept as it was", async () => {
    proxy.misbehave(olderAgent(agent.port));
    const client = newClient(proxy.url);
    client.report({ kind: "records", pipeline_name: "orders", run_id: "r9", stage: "load", count: -1, try: 2 });
    await client.flush();
    expect(client.stats()).toMatchObject({ sent: 0, dead: 1, reduced: 0 });
    expect(
      posts()
        .slice(-2)
        .map(({ body }) => body.includes('"try":2')),
    ).toEqual([true, false]);
  });

  it("gets them after it was replaced by a newer one", async () => {
    proxy.misbehave(olderAgent(agent.port));
    const client = newClient(proxy.url);
    await client.pipeline("orders").run(() => {}, { ...NEWER, run_id: "before" });
    proxy.misbehave((_, response, { body }) => {
      const accepted = body.trimEnd().split("\n").length;
      response.writeHead(200, { "content-type": "application/json", "sluice-contract": "1.1" });
      response.end(JSON.stringify({ accepted, duplicates: 0, rejected: [] }));
    });
    await client.pipeline("orders").run(() => {}, { ...NEWER, run_id: "between" });
    const before = posts().length;
    await client.pipeline("orders").run(() => {}, { ...NEWER, run_id: "after" });
    proxy.misbehave(null);
    expect(
      posts()
        .slice(before)
        .map(({ body }) => body)
        .join(""),
    ).toContain('"resumes":true');
  });
});

it("folded rows stay in the category that an agent of 1.0 keeps for what is new", () => {
  const rest = { nulls: 0 };
  expect(oldestReference({ categories: { a: 1 }, folded: 2, ...rest })).toEqual({
    categories: { a: 1, other: 2 },
    ...rest,
  });
  expect(oldestReference({ categories: { other: 1 }, folded: 2 })).toEqual({ categories: { other: 3 } });
});

describe("the agent of this release", () => {
  it("says its contract with every answer, also with those that refuse", async () => {
    const paths = ["/healthz", "/v1/runs/orders/none", "/no/such/route", "/metrics", "/openapi.json"];
    const answers = await Promise.all(paths.map((path) => agent.get(path)));
    expect(answers.map(({ status, headers }) => [status, headers["sluice-contract"]])).toEqual([
      [200, "1.1"],
      [404, "1.1"],
      [404, "1.1"],
      [200, "1.1"],
      [200, "1.1"],
    ]);
    expect((answers[4]!.body as { info: { description: string } }).info.description).toContain("Sluice-Contract: 1.1");
  });

  it("takes every field of the client's", async () => {
    const client = newClient(`http://127.0.0.1:${agent.port}`);
    await client.pipeline("whole").run((run) => {
      run.records("load", 7, { try: 2, expected_min: 5, expected_min_of: "stage" });
      run.records("extract", -1);
      run.drift({ age: [1, 2] }, { try: 2 });
    }, NEWER);
    await client.flush();
    expect(client.stats()).toMatchObject({ sent: 4, dead: 0, dropped: 1, reduced: 0 });
    expect(client.warnings).toHaveLength(1);
  });
});
