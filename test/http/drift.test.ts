import { describe, expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { expectInvalid, expectProblem } from "./problems.ts";

const agent = await testAgentOf(await testServer());

// The worked example: two features, a reference and a run.
const AGE = { counts: [100, 200, 300, 250, 150] };
const AMOUNT = { counts: [50, 150, 300, 350, 150] };

const json = { "content-type": "application/json" };
const put = (path: string, body: unknown) =>
  agent.send({ method: "PUT", path: `/v1/references/${path}`, headers: json, body: JSON.stringify(body) });
const drift = (body: object) => agent.post("/v1/drift", { pipeline_name: "features", ...body });

describe("a reference", () => {
  test("is stored as a version of its content and is the active one", async () => {
    const answer = await put("features/age", { ...AGE, nulls: 0, note: "training set\u0000 of May" });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      pipeline_name: "features",
      feature_name: "age",
      version: expect.stringMatching(/^[0-9a-f]+$/),
      active: true,
      kind: "positional",
      counts: AGE.counts,
      nulls: 0,
      rule: 2,
      n: 1000,
      source: "put",
      run_id: null,
      note: "training set\ufffd of May",
      created_at: expect.stringMatching(/Z$/),
      activated_at: expect.stringMatching(/Z$/),
      verdict: null,
    });
    const same = await put("features/age", { nulls: 0, ...AGE });
    expect(same.body).toMatchObject({
      version: (answer.body as { version: string }).version,
      note: "training set\ufffd of May",
    });
    await put("features/amount", AMOUNT);
    const list = (await agent.get("/v1/references/features")).body as { items: object[] };
    expect(list.items).toMatchObject([{ feature_name: "age" }, { feature_name: "amount" }]);
  });

  test("can be one of values, of categories, or of edges with counts", async () => {
    const numeric = await put("forms/numeric", { edges: [0, 1, 2.5], counts: [3, 4], nulls: 1 });
    expect(numeric.body).toMatchObject({ kind: "numeric", edges: [0, 1, 2.5], counts: [3, 4], nulls: 1, n: 8 });
    const values = await put("forms/values", { values: [1, 2, 3, 4, null], bins: 2, method: "uniform" });
    expect(values.body).toMatchObject({ kind: "numeric", counts: [2, 2], nulls: 1, n: 5 });
    const categories = await put("forms/categories", { categories: { a: 1, ["__proto__"]: 2 } });
    expect(categories.text).toContain('"categories":{"a":1,"__proto__":2}');
  });

  test("goes back to an earlier version, and away", async () => {
    const path = "versions/f";
    const versions = [];
    for (const counts of [
      [1, 2],
      [3, 4],
    ])
      versions.push(((await put(path, { counts })).body as { version: string }).version);
    const back = await agent.send({ method: "POST", path: `/v1/references/${path}/versions/${versions[0]}/activate` });
    expect(back.body).toMatchObject({ version: versions[0], active: true, counts: [1, 2] });
    expect((await agent.get(`/v1/references/${path}`)).body).toMatchObject({ version: versions[0] });
    const { items } = (await agent.get(`/v1/references/${path}/versions`)).body as { items: object[] };
    expect(items).toMatchObject([
      { version: versions[1], active: false },
      { version: versions[0], active: true },
    ]);
    const gone = await agent.send({ method: "DELETE", path: `/v1/references/${path}` });
    expect([gone.status, gone.text]).toEqual([204, ""]);
    expectProblem(await agent.get(`/v1/references/${path}`), "not_found", 'feature_name: "f" has no reference');
    const again = await agent.send({ method: "DELETE", path: `/v1/references/${path}` });
    expectProblem(again, "not_found", 'feature_name: "f" has no reference');
    const unknown = await agent.send({ method: "POST", path: `/v1/references/${path}/versions/x%00/activate` });
    expectProblem(unknown, "not_found", 'version: "x\ufffd" is no version of the reference of "f"');
  });

  test("has its versions in pages of twenty at most", async () => {
    const path = "/v1/references/paged/f/versions";
    for (let i = 1; i <= 23; i++) await put("paged/f", { counts: [i, 1] });
    const first = (await agent.get(path)).body as { items: { counts: number[] }[]; next_cursor: string };
    expect(first.items.map(({ counts }) => counts[0])).toEqual(Array.from({ length: 20 }, (_, i) => 23 - i));
    const rest = (await agent.get(`${path}?cursor=${first.next_cursor}`)).body as typeof first;
    expect(rest.items.map(({ counts }) => counts[0])).toEqual([3, 2, 1]);
    expect(rest.next_cursor).toBeNull();
    expect((await agent.get(`${path}?limit=21`)).status).toBe(400);
  });

  test("is made of a run's histogram", async () => {
    await agent.post("/v1/drift", { pipeline_name: "promoted", run_id: "r1", features: { f: { counts: [5, 6] } } });
    const promote = (body: object) => agent.post("/v1/references/promoted/f/promote", body);
    expect((await promote({ run_id: "r1" })).body).toMatchObject({ source: "promoted", run_id: "r1", counts: [5, 6] });
    const missing = await promote({ run_id: "r2" });
    expectProblem(missing, "not_found", 'run_id: run "r2" of "promoted" reported "f"');
    expectInvalid(await promote({ run: "r1" }), { run: 'unknown field "run"; the fields are run_id, note' });
  });

  test.each([
    [{}, "exactly one of counts, values and categories is needed; none was given", ""],
    [{ counts: [1, -1] }, "a count is an integer from 0 to 9007199254740991; -1 was given", "counts[1]"],
    [{ counts: [1, 1.5] }, "a count is an integer from 0 to 9007199254740991; 1.5 was given", "counts[1]"],
    [{ counts: [] }, "at least one bin is needed; the list is empty", "counts"],
    [{ counts: [1], edges: [1, 1] }, "each edge is greater than the one before; 1 follows 1", "edges[1]"],
    [{ values: [1, "a"] }, 'the values before are of type number; "a" was given', "values[1]"],
    [{ categories: { a: "1" } }, 'a count is an integer from 0 to 9007199254740991; "1" was given', "categories.a"],
  ])("of %j is refused", async (body, message, path) => {
    expectInvalid(await put("features/wrong", body), { [path]: message });
  });
});

describe("POST /v1/drift", () => {
  test("answers a verdict for each feature, and the routes of drift show it again", async () => {
    const answer = await drift({
      run_id: "r1",
      features: { age: { counts: [80, 180, 350, 250, 140] }, amount: AMOUNT, fresh: { counts: [1] } },
    });
    const { features, duplicate } = answer.body as { duplicate: boolean; features: Record<string, { psi: number }> };
    expect(duplicate).toBe(false);
    // Σ (a − e)·ln(a / e), by hand.
    expect(features.age!.psi).toBeCloseTo(0.0149675440457, 9);
    expect(features).toMatchObject({
      age: { verdict: "stable", threshold: 0.2, n_reference: 1000, n_current: 1000, bins: { length: 5 } },
      amount: { verdict: "stable", psi: 0 },
      fresh: { verdict: "no_reference", psi: null, reference_version: null },
    });
    const latest = (await agent.get("/v1/drift/features")).body as { items: object[] };
    expect(latest.items).toContainEqual(expect.objectContaining({ feature_name: "amount", run_id: "r1", psi: 0 }));
    const history = (await agent.get("/v1/drift/features/age?limit=1")).body as { items: object[] };
    expect(history.items).toMatchObject([{ feature_name: "age", run_id: "r1", verdict: "stable" }]);
    expect((await agent.get("/metrics")).text).toMatch(
      /^feature_drift_score\{pipeline_name="features",feature_name="amount"\} +0$/m,
    );
  });

  test("answers the same id with the first verdicts again", async () => {
    const report = { id: "d1", run_id: "r2", features: { age: { counts: [1000, 1, 1, 1, 1] } } };
    const first = (await drift(report)).body as { features: { age: { verdict: string } } };
    expect(first.features.age.verdict).toBe("drifted");
    expect((await drift(report)).body).toEqual({ ...first, duplicate: true });
  });

  test("keeps a feature that does not fit its reference as errored, and judges its neighbours", async () => {
    const report = { id: "d2", run_id: "r3", features: { age: { counts: [1, 2] }, amount: AMOUNT } };
    const answer = await drift(report);
    expect(answer.status).toBe(200);
    const age = {
      verdict: "errored",
      code: "reference_mismatch",
      detail: "counts: the reference has 5 bins, 2 counts were given",
    };
    expect(answer.body).toMatchObject({ duplicate: false, features: { age, amount: { verdict: "stable", psi: 0 } } });
    expect((await drift(report)).body).toEqual({ ...(answer.body as object), duplicate: true });
    const { items } = (await agent.get("/v1/drift/features")).body as { items: object[] };
    expect(items).toContainEqual(expect.objectContaining({ feature_name: "age", run_id: "r3", psi: null, ...age }));
    const batch = await agent.post("/v1/reports", [
      { kind: "drift", pipeline_name: "features", run_id: "r3", features: { age: { categories: { a: 1 } } } },
      { kind: "latency", pipeline_name: "features", seconds: 1 },
    ]);
    const detail = "kind: the reference is a positional histogram, this counts categories: send counts on its 5 bins";
    const errors = [{ index: 0, item: "age", code: "reference_mismatch", detail }];
    expect(batch.body).toEqual({ accepted: 2, duplicates: 0, rejected: [], errors });
  });

  test("a feature of another kind than its reference says both kinds, once", async () => {
    await put("features/height", { edges: [0, 10, 20], counts: [50, 50] });
    const answer = await drift({ run_id: "r3", features: { height: { categories: { tall: 1 } } } });
    const detail = "of kind categorical, its reference of kind numeric";
    expect(answer.body).toMatchObject({ features: { height: { verdict: "errored", detail } } });
  });

  test("a feature that cannot be read leaves the others alone; where none can, nothing is taken", async () => {
    const bad = { counts: [1, -2] };
    const answer = await drift({ run_id: "r4", features: { wild: bad, amount: AMOUNT } });
    expect(answer.body).toMatchObject({
      features: {
        wild: {
          verdict: "errored",
          code: "invalid_report",
          detail: expect.stringMatching(/^counts\[1\]: .* -2 was given$/),
        },
        amount: { verdict: "stable", psi: 0 },
      },
    });
    expectProblem(
      await drift({ run_id: "r4", features: { wild: bad } }),
      "invalid_report",
      /^features\.wild\.counts\[1\]: .* -2 was given$/,
      expect.anything() as never,
    );
  });

  test("takes features with names and categories of every kind", async () => {
    const features =
      '{"__proto__": {"categories": {"a": 1, "\\u0000": 2, "\\ud800": 3, "": 4}}, "a/b~c": {"values": [true, null]}}';
    const answer = await agent.post("/v1/drift", `{"pipeline_name": "odd", "run_id": "r", "features": ${features}}`);
    expect(answer.status).toBe(200);
    expect(Object.keys((answer.body as { features: object }).features)).toEqual(["__proto__", "a/b~c"]);
    const promoted = await agent.post("/v1/references/odd/__proto__/promote", {});
    expect(promoted.text).toContain('"categories":{"a":1,"\ufffd":5,"":4}');
    expect((await agent.get("/v1/drift/odd/a%2Fb~c")).body).toMatchObject({ items: [{ feature_name: "a/b~c" }] });
  });

  const HISTOGRAM = "must be a histogram: counts, edges with counts, values, or categories";
  test.each([
    [{}, { features: "missing; must be an object of 1 to 10000 features by name" }],
    [{ features: {} }, { features: "an object given; must be an object of 1 to 10000 features by name" }],
    [{ features: { age: 5 } }, { "features.age": `5 given; ${HISTOGRAM}` }],
    [{ features: { age: { counts: 5 } } }, { "features.age.counts": "5 given; must be an array of counts" }],
    [
      { features: { age: { counts: [1, null] } } },
      { "features.age.counts[1]": "a count is an integer from 0 to 9007199254740991; null was given" },
    ],
    [
      { features: { age: { values: [1], bins: 3 } } },
      {
        "features.age.bins":
          'unknown field "bins"; the fields are counts, edges, values, categories, nulls, folded, kind, n, min, max, mean, sd, distinct, quantiles, spikes, outside, reference',
      },
    ],
    [
      { features: { age: { counts: [1], reference: { values: [1], bins: 0 } } } },
      { "features.age.reference.bins": "0 given; must be a whole number from 1 to 1000" },
    ],
  ])("refuses %j", async (body, wrong) => {
    expectInvalid(await drift(body), wrong as unknown as Record<string, string>);
  });

  test("refuses a feature without a name a histogram can have", async () => {
    const answer = await drift({ features: { "": AGE } });
    expectProblem(answer, "invalid_report", /must be a name of 1 to 200 characters/, expect.anything() as never);
    const long = await drift({ features: { ["f".repeat(1_000_000)]: { count: 1 } } });
    expect(long.status).toBe(422);
    expect(long.text.length).toBeLessThan(5000);
  });
});
