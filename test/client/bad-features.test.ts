import { describe, expect, it } from "vitest";
import type { FeatureInput, FeatureKind } from "../../src/client/histogram/feature.ts";
import { testAgentOf, testServer } from "../support/agent.ts";
import { temporaryDirectory } from "./support/bundle.ts";
import { clientMaker } from "./support/client.ts";

const agent = await testAgentOf(await testServer());
const newClient = clientMaker(temporaryDirectory());
const url = () => `http://127.0.0.1:${agent.port}`;

const broken = new Proxy([1, 2], {
  get() {
    throw new Error("no");
  },
});

const BAD: Record<string, unknown> = {
  "an array among values": [1, [2, 3]],
  "an object among values": [{}],
  "a date": [new Date(0)],
  "a count that is NaN": { counts: [1, Number.NaN] },
  "a count of a name that is NaN": { categories: { a: Number.NaN } },
  "nulls that are NaN": { values: [1], nulls: Number.NaN },
  "a kind of its own": { values: [1], kind: "ordinal" },
  "names that are said to be numbers": { categories: { a: 1 }, kind: "numeric" },
  "bins that are said to be names": { counts: [1], kind: "categorical" },
  "a number": 5,
  nothing: null,
  "what breaks": broken,
};

interface Stored {
  items: { feature_name: string }[];
}
interface Decided {
  reasons: { code: string; subject: string }[];
}

describe("a feature that cannot be read", () => {
  it("costs itself only, and the gate knows it by name", async () => {
    const client = newClient(url());
    const features = { good: ["a", "b"], ...BAD } as Record<string, FeatureInput>;
    await client.pipeline("bad").run((run) => run.drift(features), { run_id: "r-1" });
    await client.flush();
    const { items } = (await agent.get("/v1/drift/bad")).body as Stored;
    expect(items.map(({ feature_name }) => feature_name)).toEqual(["good"]);
    const { reasons } = (await agent.get("/v1/gates/bad?run_id=r-1")).body as Decided;
    const rejected = reasons.filter(({ code }) => code === "report_rejected").map(({ subject }) => subject);
    expect(rejected.sort()).toEqual(Object.keys(BAD).sort());
  });
});

describe("what is plainly meant", () => {
  it("is taken: a Map of features, kinds by name or beside the values, dates as days", async () => {
    const client = newClient(url());
    const features = new Map<string, FeatureInput>([
      ["code", [1, 2, 1]],
      ["size", { values: ["1.5", "2"], kind: "numeric" }],
      ["day", [new Date(0), new Date(86_400_000), null]],
    ]);
    const kinds: Record<string, FeatureKind> = { code: "categorical", day: "days" };
    await client.pipeline("meant").run((run) => run.drift(features, { kinds }), { run_id: "r-1" });
    await client.flush();
    expect(client.warnings).toEqual([]);
    const kindOf = async (feature: string) => {
      const { status, body } = await agent.post(`/v1/references/meant/${feature}/promote`, { run_id: "r-1" });
      expect(status).toBe(200);
      const { kind, categories, nulls } = body as { kind: string; categories?: object; nulls: number };
      return { kind, categories, nulls };
    };
    expect(await kindOf("code")).toEqual({ kind: "categorical", categories: { 1: 2, 2: 1 }, nulls: 0 });
    expect(await kindOf("size")).toMatchObject({ kind: "numeric", nulls: 0 });
    expect(await kindOf("day")).toMatchObject({ kind: "numeric", nulls: 1 });
  });
});
