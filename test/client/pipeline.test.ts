import { describe, expect, it } from "vitest";
import { referenceFrom, SluiceError } from "../../src/client/index.ts";
import { apiKey, bearer, testAgentOf, testServer } from "../support/agent.ts";
import { temporaryDirectory } from "./support/bundle.ts";
import { clientMaker } from "./support/client.ts";
import { startProxy } from "./support/proxy.ts";
import { storedRun } from "./support/stored.ts";

const server = await testServer();
const agent = await testAgentOf(server);
const proxy = await startProxy(agent.port);
const newClient = clientMaker(temporaryDirectory());

/** The value of a series as it is exposed. */
async function sample(series: string): Promise<string | undefined> {
  const { text } = await agent.get("/metrics");
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  return line?.split(/\s+/).at(-1);
}

describe("a run", () => {
  it("gives back what the work gave, and is stored with its start, duration, interval and evidence", async () => {
    const client = newClient(proxy.url);
    const result = await client.pipeline("orders").run(
      async (run) => {
        expect(run).toMatchObject({ pipeline_name: "orders", run_id: "r1", attempt: 2 });
        run.records("extract", 50_000, { part: "eu" });
        run.records("extract", 10, { part: "us", failed: 3 });
        run.records("load", 47_500, { failed: 12, expected_min: 10_000 });
        run.quality("null_rate", 0.999, { threshold: 0.95 });
        run.quality("late", 0.5, { severity: "warn" });
        run.quality("schema", null, { error: "the registry did not answer" });
        return { loaded: 47_500 };
      },
      {
        run_id: "r1",
        attempt: 2,
        data_interval_start: new Date("2026-11-19T00:00:00Z"),
        data_interval_end: "2026-11-20T00:00:00Z",
        traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      },
    );
    expect(result).toEqual({ loaded: 47_500 });
    await client.flush();
    const run = (await storedRun(agent, "orders", "r1"))!;
    expect(run).toMatchObject({
      status: "success",
      attempt: 2,
      error: null,
      data_interval_end: "2026-11-20T00:00:00Z",
    });
    expect(run.traceparent).toContain("4bf92f3577b34da6a3ce929d0e0e4736");
    expect(Date.parse(run.started_at!)).not.toBeNaN();
    expect(run.duration_seconds).toBeGreaterThan(0);
    expect(run.stages).toEqual([
      { stage: "extract", count: 50_010, failed: 3, expected_min: null },
      { stage: "load", count: 47_500, failed: 12, expected_min: 10_000 },
    ]);
    expect(run.checks.map(({ check_name, score, severity, error }) => [check_name, score, severity, error])).toEqual([
      ["late", 0.5, "warn", null],
      ["null_rate", 0.999, "error", null],
      ["schema", null, "error", "the registry did not answer"],
    ]);
    expect(client.warnings).toEqual([]);
  });

  it("fails with the very error that was thrown, its stack and its causes in the report", async () => {
    const client = newClient(proxy.url);
    const cause = new Error("connection reset");
    const thrown = new RangeError("no orders today", { cause });
    const failing = client.pipeline("orders").run(
      () => {
        throw thrown;
      },
      { run_id: "fails" },
    );
    await expect(failing).rejects.toBe(thrown);
    const { status, error } = (await storedRun(agent, "orders", "fails"))!;
    expect(status).toBe("failed");
    expect(error).toMatch(/^RangeError: no orders today\n {4}at .*pipeline\.test\.ts/);
    expect(error).toMatch(/\ncaused by: Error: connection reset\n {4}at /);
  });

  it.each([["a text"], [undefined], [null], [{ not: "an error" }]])(
    "fails with %j when that was thrown",
    async (thrown) => {
      const client = newClient(proxy.url);
      const failing = client.pipeline("orders").run(() => Promise.reject(thrown));
      expect(
        await failing.then(
          () => "nothing",
          (error: unknown) => error,
        ),
      ).toBe(thrown);
    },
  );

  it("cuts an endless error to a size, its beginning and its end kept", async () => {
    const client = newClient(proxy.url);
    const endless = new Error(`begins ${"x".repeat(1_000_000)} ends`);
    endless.stack = endless.message;
    await expect(client.pipeline("orders").run(() => Promise.reject(endless), { run_id: "long" })).rejects.toBe(
      endless,
    );
    const { error } = (await storedRun(agent, "orders", "long"))!;
    expect(error).toMatch(/^begins x+\n… 99\d{4} characters left out …\nx+ ends$/);
  });

  it("that will be tried again is a failed attempt, and succeeds with the next", async () => {
    const client = newClient(proxy.url);
    const pipeline = client.pipeline("retried");
    const first = pipeline.run(() => Promise.reject(new Error("once")), { run_id: "r1", attempt: 1, will_retry: true });
    await expect(first).rejects.toThrow("once");
    await pipeline.run((run) => run.records("load", 5), { run_id: "r1", attempt: 2 });
    const run = (await storedRun(agent, "retried", "r1"))!;
    expect(run.status).toBe("success");
    expect(run.attempts.map(({ attempt, status }) => [attempt, status]).sort()).toEqual([
      [1, "retrying"],
      [2, "success"],
    ]);
  });

  it("may be skipped, with a reason", async () => {
    const client = newClient(proxy.url);
    await client.pipeline("orders").run((run) => run.skip("a holiday"), { run_id: "holiday" });
    expect(await storedRun(agent, "orders", "holiday")).toMatchObject({ status: "skipped", error: "a holiday" });
  });

  it("without a run_id gets one, which the work can see", async () => {
    const client = newClient(proxy.url);
    const run_id = await client.pipeline("orders").run((run) => run.run_id);
    expect(await storedRun(agent, "orders", run_id)).toMatchObject({ status: "success" });
  });
});

describe("a task that is a part of a run", () => {
  it("reports evidence and does not end it", async () => {
    const client = newClient(proxy.url);
    const run = client.pipeline("dag").attach("scheduled__2026-11-20T00:00:00+00:00", { attempt: 1 });
    run.records("load", 7);
    run.quality("null_rate", 1);
    await client.flush();
    const stored = await storedRun(agent, "dag", run.run_id);
    expect(stored).toMatchObject({ stages: [{ stage: "load", count: 7 }], checks: [{ check_name: "null_rate" }] });
    expect(["success", "failed"]).not.toContain(stored!.status);
  });
});

describe("latency and freshness", () => {
  it("arrive in the metrics", async () => {
    const client = newClient(proxy.url);
    const run = client.pipeline("search").attach("r1");
    run.latency("vector_search", 0.02);
    run.latency("vector_search", Float64Array.of(0.2, 3));
    expect(run.timed("parse", () => "parsed")).toBe("parsed");
    expect(await run.timed("fetch", async () => "fetched")).toBe("fetched");
    const failure = new Error("timeout");
    expect(() =>
      run.timed("fetch", () => {
        throw failure;
      }),
    ).toThrow(failure);
    await expect(run.timed("fetch", () => Promise.reject(failure))).rejects.toBe(failure);
    run.freshness("2026-11-20T06:00:00Z", { dataset: "vectors" });
    run.freshness(new Date(1_763_600_000_000));
    run.freshness(1_763_600_001);
    await client.flush();
    expect(await sample('vector_search_latency_seconds_count{pipeline_name="search"}')).toBe("3");
    expect(await sample('operation_latency_seconds_count{pipeline_name="search",operation="parse"}')).toBe("1");
    expect(await sample('operation_latency_seconds_count{pipeline_name="search",operation="fetch"}')).toBe("3");
    expect(await sample('data_through_timestamp_seconds{pipeline_name="search",dataset="vectors"}')).toBe("1795154400");
    expect(await sample('data_through_timestamp_seconds{pipeline_name="search",dataset="search"}')).toBe("1763600001");
  });

  it("ten thousands of latencies go in several reports, and all are counted", async () => {
    const client = newClient(proxy.url);
    client.pipeline("many").attach("r1").latency("step", new Float64Array(25_000).fill(0.01));
    await client.flush();
    expect(client.stats().sent).toBe(3);
    expect(await sample('operation_latency_seconds_count{pipeline_name="many",operation="step"}')).toBe("25000");
  });
});

describe("drift", () => {
  const ages = Array.from({ length: 1000 }, (_, i) => 18 + ((i * 7919) % 60));
  const verdicts = async (name: string) => {
    const { body } = await agent.get(`/v1/drift/${name}`);
    return (body as { items: { feature_name: string; verdict: string; n_current: number; bins: unknown[] }[] }).items;
  };

  it("is judged on the reference's own edges, and of the values a handful leaves the process that tells how they lie", async () => {
    const client = newClient(proxy.url);
    const pipeline = client.pipeline("features");
    await pipeline.setReference("age", referenceFrom(ages), { note: "training set" });
    await pipeline.setReference("country", referenceFrom(["de", "de", "fr", "at"]));
    const before = proxy.received.length;
    await pipeline.run((run) => {
      run.drift({ age: ages.map((age) => age + 0.123456789), country: ["de", "secret-name", null, "fr"] });
    });
    const sent = proxy.received
      .slice(before)
      .filter(({ path }) => path === "/v1/reports")
      .map(({ body }) => body)
      .join("");
    expect(sent).toContain('"counts"');
    // The least, the greatest, seven quantiles; the mean has digits of its own.
    expect(sent.match(/\.123456789\b/g)).toHaveLength(9);
    const { body } = await agent.get("/v1/references/features/age");
    const { edges } = body as { edges: number[] };
    expect(sent).toContain(JSON.stringify({ edges }).slice(1, -1));
    expect(await verdicts("features")).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ feature_name: "age", n_current: 1000, verdict: "stable" }),
        expect.objectContaining({ feature_name: "country", n_current: 4 }),
      ]),
    );
  });

  it("says once which part of a report the agent could not use", async () => {
    const client = newClient(proxy.url);
    const pipeline = client.pipeline("mismatched");
    await pipeline.setReference("country", { categories: { de: 5, fr: 5 }, nulls: 0 });
    for (const _twice of [1, 2]) {
      await pipeline.run((run) => {
        run.drift({ country: { counts: [1, 2, 3] }, age: { counts: [1, 2] } });
      });
    }
    expect(client.stats()).toMatchObject({ sent: 6, dead: 0 });
    expect(client.warnings).toEqual([
      expect.stringMatching(/^sluice: the agent could not use country \(\w+: .+\); the gate of its run says so$/),
    ]);
  });

  it("takes histograms as they are, and asks for no reference then", async () => {
    const client = newClient(proxy.url);
    const before = proxy.received.length;
    await client.pipeline("histograms").run((run) => {
      run.drift({
        by_position: { counts: [1, 2, 3] },
        on_edges: { edges: [0, 1, 2], counts: Uint32Array.of(5, 6), nulls: 1 },
        by_name: { categories: { a: 1, b: 2 } },
      });
    });
    expect(proxy.received.slice(before).filter(({ path }) => path.startsWith("/v1/references"))).toEqual([]);
    expect((await verdicts("histograms")).map(({ feature_name, verdict }) => [feature_name, verdict]).sort()).toEqual([
      ["by_name", "no_reference"],
      ["by_position", "no_reference"],
      ["on_edges", "no_reference"],
    ]);
  });

  it("without a reference that can be had, sends edges of its own, and later changes of the list do not count", async () => {
    const client = newClient(proxy.url);
    proxy.misbehave((_, response) => response.writeHead(500).end());
    const values = [...ages];
    const drift = client
      .pipeline("blind")
      .attach("r1")
      .drift({ age: values, kind: ["a", "b", "a"] });
    values.fill(0);
    await drift;
    proxy.misbehave(null);
    expect(await client.flush()).toBe(true);
    const [report] = proxy.received.filter(({ body }) => body.includes('"blind"'));
    const { features } = JSON.parse(report!.body.split("\n")[0]!) as {
      features: Record<string, Record<string, unknown>>;
    };
    expect(features.kind).toEqual({ categories: { a: 2, b: 1 }, nulls: 0 });
    // 32, and two thin ones.
    expect(features.age!.counts).toHaveLength(34);
    expect((features.age!.counts as number[]).reduce((a, b) => a + b)).toBe(1000);
  });

  it("references are fetched once for many reports", async () => {
    const client = newClient(proxy.url);
    const before = proxy.received.length;
    const run = client.pipeline("features").attach("r2");
    await Promise.all([run.drift({ age: ages }), run.drift({ age: ages })]);
    await run.drift({ age: ages });
    expect(proxy.received.slice(before).filter(({ path }) => path.startsWith("/v1/references"))).toHaveLength(1);
  });
});

describe("keys", () => {
  it("go with every request, and a reference needs the role for it", async () => {
    const { key, entry } = apiKey("orders", ["report"], ["orders"]);
    const guarded = await testAgentOf(server, { keys: [entry, { ...apiKey("reader", ["read"]).entry }] });
    const client = newClient(`http://127.0.0.1:${guarded.port}`, { apiKey: key });
    await client.pipeline("orders").run((run) => run.drift({ age: [1, 2, 3] }), { run_id: "r1" });
    expect(client.stats()).toMatchObject({ sent: 3, dead: 0 });
    const reader = bearer(apiKey("reader", ["read"]).key);
    expect((await guarded.get("/v1/runs/orders/r1", reader)).status).toBe(200);
    const put = client.pipeline("orders").setReference("age", referenceFrom([1, 2, 3]));
    await expect(put).rejects.toThrow(SluiceError);
    await expect(put).rejects.toMatchObject({ status: 403, code: "forbidden" });
  });
});
