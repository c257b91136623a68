import { describe, expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { expectInvalid, expectProblem } from "./problems.ts";

const agent = await testAgentOf(await testServer());
const LONG = { timeout: 600_000 };

const categories = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i}`, 1]));
const drift = (features: object, more: object = {}) =>
  agent.post("/v1/drift", { pipeline_name: "p", run_id: "r", features, ...more });

describe("a drift report", () => {
  test.each([
    [
      "categories",
      { categories: categories(10_001) },
      "categories",
      "at most 10000 categories; 10001 were given: fold rare ones into one",
    ],
    ["counts", { counts: new Array(10_001).fill(1) }, "counts", "at most 10000 counts; 10001 were given"],
    [
      "numeric values",
      { values: new Array(1_000_001).fill(1) },
      "values",
      "at most 1000000 values; 1000001 were given",
    ],
    [
      "text values",
      { values: new Array(200_001).fill("a") },
      "values",
      "at most 200000 values that are no numbers; 200001 were given",
    ],
    [
      "different texts",
      { values: Array.from({ length: 10_001 }, (_, i) => `v${i}`) },
      "values",
      "at most 10000 different values that are no numbers; more were given: fold rare ones into one",
    ],
  ])("has no more %s in a feature than allowed", LONG, async (_, feature, field, message) => {
    expectInvalid(await drift({ f: feature }), { [`features.f.${field}`]: message });
    expectInvalid(await drift({ f: { counts: [1, 2], reference: feature } }), {
      [`features.f.reference.${field}`]: message,
    });
  });

  test("has no more categories in all features than allowed", LONG, async () => {
    const features = Object.fromEntries(
      Array.from({ length: 11 }, (_, i) => [`f${i}`, { categories: categories(9100) }]),
    );
    expectInvalid(await drift(features), {
      features:
        "100100 categories given; must be at most 100000 in one report, references included: send the features in several",
    });
  });

  test("of 10 000 categories, and one of 10 000 features, are taken", LONG, async () => {
    const hundred = Object.fromEntries(Object.keys(categories(10_000)).map((name) => [name, 100]));
    const many = await drift({ f: { categories: hundred, reference: { categories: hundred } } });
    expect(many.body).toMatchObject({ features: { f: { verdict: "stable", n_current: 1_000_000 } } });
    const reference = { counts: [10, 10] };
    const wide = Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`g${i}`, { counts: [10, 10], reference }]));
    const { status, body } = await drift(wide);
    expect(status).toBe(200);
    expect(Object.keys((body as { features: object }).features)).toHaveLength(9000);
  });
});

test("a reference has the same bounds", LONG, async () => {
  const answer = await agent.send({
    method: "PUT",
    path: "/v1/references/p/f",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ categories: categories(10_001) }),
  });
  expect(answer.body).toMatchObject({ status: 422, detail: expect.stringContaining("at most 10000 categories") });
});

test(
  "a body that is made to cost a parser is refused before it is parsed, and a line of NDJSON by itself",
  LONG,
  async () => {
    const empties = `[${"{},".repeat(300_000)}{}]`;
    expectProblem(
      await agent.post("/v1/reports", empties),
      "body_too_large",
      /^the body holds more than 209715 objects/,
    );
    const wide = `{"kind": "drift", "pipeline_name": "p", "features": {${Array.from({ length: 20_001 }, (_, i) => `"f${i}":{}`).join()}}}`;
    const good = '{"kind": "run", "pipeline_name": "p", "run_id": "s", "status": "success"}';
    const lines = await agent.post("/v1/reports", `${wide}\n${good}\n`, { "content-type": "application/x-ndjson" });
    expect(lines.body).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: "body_too_large" }] });
  },
);
