import { describe, expect, test } from "vitest";
import { expectInvalid, expectProblem } from "../../http/problems.ts";
import { apiKey, bearer, startAgent, testAgentOf, testServer } from "../../support/agent.ts";

const server = await testServer();
const agent = await testAgentOf(server);

const JSON_TYPE = { "content-type": "application/json" };
const put = (path: string, document: unknown, headers: object = JSON_TYPE) =>
  agent.send({
    method: "PUT",
    path: `/v1/references/${path}`,
    headers: { ...headers },
    body: typeof document === "string" ? document : JSON.stringify(document),
  });

/** SageMaker's statistics of two features, with these counts of ages under 40 and above. */
const statistics = (young: number, old: number) => ({
  version: 0,
  features: [
    {
      name: "age",
      inferred_type: "Integral",
      numerical_statistics: {
        common: { num_present: young + old, num_missing: 0 },
        distribution: {
          kll: {
            buckets: [
              { lower_bound: 18, upper_bound: 40, count: young },
              { lower_bound: 40, upper_bound: 90, count: old },
            ],
          },
        },
      },
    },
    {
      name: "a/b plan",
      string_statistics: { distribution: { categorical: { buckets: [{ value: "basic", count: 1000 }] } } },
    },
  ],
});

const ADDED = {
  source: "put",
  run_id: null,
  note: null,
  created_at: expect.any(String),
  activated_at: expect.any(String),
};

describe("PUT /v1/references/{pipeline_name}?format=", () => {
  test("stores a reference for each feature of the document, and answers them", async () => {
    const answer = await put("bulk?format=sagemaker&note=of%20May", statistics(600, 400));
    expect(answer.status).toBe(200);
    const common = {
      pipeline_name: "bulk",
      version: expect.any(String),
      active: true,
      verdict: null,
      rule: 2,
      ...ADDED,
      note: "of May",
    };
    expect(answer.body).toEqual({
      items: [
        { ...common, feature_name: "age", kind: "numeric", edges: [18, 40, 90], counts: [600, 400], nulls: 0, n: 1000 },
        { ...common, feature_name: "a/b plan", kind: "categorical", categories: { basic: 1000 }, nulls: 0, n: 1000 },
      ],
      next_cursor: null,
    });
    const list = (await agent.get("/v1/references/bulk")).body as { items: { feature_name: string }[] };
    expect(list.items.map(({ feature_name }) => feature_name).sort()).toEqual(["a/b plan", "age"]);
  });

  test("stores none where one is wrong", async () => {
    const document = { a: { bins: [0, 1], weights: [1] }, b: { bins: [0, 1], weights: [1], n: "many" } };
    const answer = await put("none?format=great_expectations&n=5", document);
    expectInvalid(answer, { "b.n": '"many" given; must be a number from 0 to 9007199254740991' });
    expect((await agent.get("/v1/references/none")).body).toEqual({ items: [], next_cursor: null });
  });

  test("judges the histogram that is stored by the new reference", async () => {
    await put("again?format=sagemaker", statistics(600, 400));
    await agent.post("/v1/drift?format=sagemaker&pipeline_name=again&run_id=r", statistics(100, 900));
    const answer = await put("again?format=sagemaker", statistics(100, 900));
    expect(answer.body).toMatchObject({
      items: [{ verdict: { verdict: "stable", psi: 0 } }, { verdict: { verdict: "stable" } }],
    });
  });

  test("needs a format", async () => {
    const formats = "sagemaker, tfdv, great_expectations, openlineage, prometheus, otlp, evidently";
    expectInvalid(await put("bulk", {}), { format: `missing; must be one of ${formats}` }, "invalid_query");
    const answer = await put("bulk?format=whylogs", {});
    expectInvalid(answer, { format: `"whylogs" given; must be one of ${formats}` }, "invalid_query");
  });
});

describe("PUT /v1/references/{pipeline_name}/{feature_name}?format=", () => {
  test("stores the feature of that name, and no other", async () => {
    const answer = await put("one/age?format=sagemaker", statistics(6, 4));
    expect(answer.body).toMatchObject({ feature_name: "age", edges: [18, 40, 90], counts: [6, 4] });
    expect((await put("one/a%2Fb%20plan?format=sagemaker", statistics(6, 4))).body).toMatchObject({
      categories: { basic: 1000 },
    });
    const unknown = await put("one/size?format=sagemaker", statistics(6, 4));
    expectInvalid(unknown, { feature_name: '"size" is not in the document; it has age, a/b plan' });
  });

  test("is the reference that would have been sent without a format", async () => {
    const { body } = await put("same/age?format=sagemaker", statistics(6, 4));
    const { version } = body as { version: string };
    expect((await put("same/age", { edges: [18, 40, 90], counts: [6, 4] })).body).toMatchObject({ version });
  });

  test("takes Prometheus' text by its own content type, and says so of another", async () => {
    const text = 'score_bucket{le="0.1"} 3\nscore_bucket{le="+Inf"} 10\n';
    const type = (type: string) => ({ "content-type": type });
    const answer = await put(
      "text/anything?format=prometheus",
      text,
      type("application/openmetrics-text; version=1.0.0"),
    );
    expect(answer.body).toMatchObject({ feature_name: "anything", edges: [0, 0.1, 0.2], counts: [3, 7] });
    const plain = await put("text/score?format=prometheus", text, type("text/plain; version=0.0.4"));
    const detail =
      "content-type: text/plain given; must be application/json, or application/openmetrics-text for Prometheus' text";
    expectProblem(plain, "unsupported_media_type", detail);
    const lines = await put("text/score?format=prometheus", text, type("application/x-ndjson"));
    expectProblem(
      lines,
      "unsupported_media_type",
      "content-type: NDJSON given; must be application/json or application/openmetrics-text",
    );
    expectInvalid(await put("text/score?format=tfdv", text, type("application/openmetrics-text")), {
      "": `${JSON.stringify(text)} given; must be an object`,
    });
    expectProblem(await put("text/score?format=tfdv", " "), "invalid_json", "the body is empty; JSON is wanted");
  });

  test("takes what the query says only with a format", async () => {
    const counts = { counts: [1, 2] };
    const refused = (name: string, is: string) => ({ [name]: `given without format; without it, ${is} in the body` });
    expectInvalid(await put("plain/f?note=x", counts), refused("note", "note is"), "invalid_query");
    expectInvalid(await put("plain/f?n=5", counts), refused("n", "counts are"), "invalid_query");
    expectInvalid(
      await put("plain/f?format=tfdv&n=5", {}),
      { n: "given with tfdv; only great_expectations and openlineage tell shares of an unknown number" },
      "invalid_query",
    );
    expect((await put("plain/f?bins=5", counts)).status).toBe(400);
  });
});

describe("POST /v1/drift?format=", () => {
  const drift = (query: string, document: unknown, headers: object = {}) =>
    agent.post(`/v1/drift?${query}`, document, { ...headers });

  test("judges the document as the same histograms sent as ours", async () => {
    await put("judged?format=sagemaker", statistics(600, 400));
    const answer = await drift("format=sagemaker&pipeline_name=judged&run_id=r1", statistics(300, 700));
    expect(answer.status).toBe(200);
    const age = { edges: [18, 40, 90], counts: [300, 700], nulls: 0 };
    const plan = { categories: { basic: 1000 }, nulls: 0 };
    const features = { age, "a/b plan": plan };
    expect((await agent.post("/v1/drift", { pipeline_name: "judged", run_id: "r2", features })).body).toEqual(
      answer.body,
    );
    // By hand: (0.3 − 0.6) ln(0.3/0.6) + (0.7 − 0.4) ln(0.7/0.4).
    const psi = -0.3 * Math.log(0.5) + 0.3 * Math.log(1.75);
    const body = answer.body as { features: Record<string, { psi: number }> };
    expect(body.features.age).toMatchObject({ verdict: "drifted", n_reference: 1000, n_current: 1000 });
    expect(body.features.age!.psi).toBeCloseTo(psi, 12);
    expect(body.features["a/b plan"]).toMatchObject({ verdict: "stable" });
  });

  test("belongs to the run of the query, also to one of Airflow's", async () => {
    const at = new Date(Date.now() - 3_600_000).toISOString();
    const run = "scheduled__2026-11-20T02:00:00+00:00";
    const query = `format=evidently&pipeline_name=airflow&run_id=${run}&attempt=2&at=${at.replace("Z", "+00:00")}`;
    expect((await drift(query, { f: [1, 2] })).status).toBe(200);
    const { items } = (await agent.get("/v1/drift/airflow")).body as { items: object[] };
    expect(items).toMatchObject([{ feature_name: "f", run_id: run, at, verdict: "no_reference", n_current: 2 }]);
  });

  test("is the same report again under the same key, and refused with another document", async () => {
    const key = { "idempotency-key": "k1" };
    const query = "format=evidently&pipeline_name=idempotent";
    expect((await drift(query, { f: [1] }, key)).body).toMatchObject({ duplicate: false });
    expect((await drift(query, [{ f: 1 }], key)).body).toMatchObject({ duplicate: true });
    expect((await drift(`${query}&id=k1`, { f: [1] })).body).toMatchObject({ duplicate: true });
    expect((await drift(query, { f: [2] }, key)).body).toMatchObject({ code: "report_conflict" });
  });

  test("compares an exponential histogram with a coarser reference without error", async () => {
    const point = {
      scale: 3,
      zeroCount: "5",
      positive: { offset: -20, bucketCounts: Array.from({ length: 90 }, (_, i) => i) },
    };
    const reference = (await put("otlp/loss?format=otlp", point)).body as { counts: number[] };
    expect(reference.counts.length).toBeLessThanOrEqual(36);
    const answer = await drift("format=otlp&pipeline_name=otlp&feature_name=loss", point);
    expect(answer.body).toMatchObject({ features: { loss: { verdict: "stable", rebin_error: 0 } } });
    const { psi } = (answer.body as { features: { loss: { psi: number } } }).features.loss;
    expect(psi).toBeCloseTo(0, 12);
  });

  test("tells what the query lacks, and what is of no use in it", async () => {
    const wrong = async (query: string, errors: Record<string, string>) =>
      expectInvalid(await drift(query, { buckets: { "+Inf": 1, "1": 1 } }), errors, "invalid_query");
    await wrong("format=prometheus", { pipeline_name: "missing; with format it must be in the query" });
    await wrong("format=prometheus&pipeline_name=p", {
      feature_name: "missing; the document does not name its feature",
    });
    await wrong("run_id=r", { run_id: "given without format; without it, run_id is in the body" });
    await wrong("format=prometheus&pipeline_name=p&attempt=0", {
      attempt: "0 given; must be a whole number from 1 to 1000000",
    });
    const unknown = await drift("format=prometheus&pipeline=p", {});
    expect(unknown.body).toMatchObject({ code: "invalid_query", errors: [{ path: "pipeline" }] });
    const future = await drift("format=evidently&pipeline_name=p&at=2999-01-01T00:00:00Z", { f: [1] });
    expect(future.body).toMatchObject({ code: "at_out_of_range" });
    const blank = await drift("format=evidently&pipeline_name=p&run_id=a%0Ab", { f: [1] });
    expect(blank.body).toMatchObject({ code: "invalid_report", errors: [{ path: "run_id" }] });
  });

  test("is not taken of a document that is nested without end", async () => {
    const nested = (depth: number) => `{"f": ${"[".repeat(depth)}${"]".repeat(depth)}}`;
    const deep = nested(30_000);
    for (const format of [
      "sagemaker",
      "tfdv",
      "great_expectations",
      "openlineage",
      "prometheus",
      "otlp",
      "evidently",
    ]) {
      const answer = await drift(`format=${format}&pipeline_name=p&feature_name=f`, deep);
      expect([format, answer.status]).toEqual([format, 422]);
    }
    expect((await drift("format=otlp&pipeline_name=p&feature_name=f", nested(200_000))).status).toBe(413);
  });
});

test("a key needs the role, and the pipeline", async () => {
  const reporter = apiKey("reporter", ["report"], ["orders*"]);
  const keeper = apiKey("keeper", ["reference"], ["orders*"]);
  const guarded = await startAgent(server, { keys: [reporter.entry, keeper.entry] });
  try {
    const send = (method: string, path: string, key: string) =>
      guarded.send({ method, path, headers: { ...JSON_TYPE, ...bearer(key) }, body: '{"f": [1]}' });
    const statuses = async (method: string, path: string) => [
      (await send(method, path, reporter.key)).status,
      (await send(method, path, keeper.key)).status,
    ];
    expect(await statuses("PUT", "/v1/references/orders?format=evidently")).toEqual([403, 200]);
    expect(await statuses("PUT", "/v1/references/other?format=evidently")).toEqual([403, 403]);
    expect(await statuses("POST", "/v1/drift?format=evidently&pipeline_name=orders")).toEqual([200, 403]);
    expect(await statuses("POST", "/v1/drift?format=evidently&pipeline_name=other")).toEqual([403, 403]);
  } finally {
    await guarded.stop();
  }
});
