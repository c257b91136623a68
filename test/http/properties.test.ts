import fc from "fast-check";
import { expect, test } from "vitest";
import type { Sending } from "../support/agent.ts";
import { testAgentOf, testServer } from "../support/agent.ts";
import { answerJudge } from "./fuzz/judge.ts";
import { nasty } from "./fuzz/nasty.ts";
import { REPORTS } from "./fuzz/reports.ts";

const agent = await testAgentOf(await testServer());
const judge = await answerJudge(agent);
const { paths } = (await agent.get("/openapi.json")).body as { paths: Record<string, object> };
const posts = Object.entries(paths)
  .filter(([, operations]) => "post" in operations)
  .map(([path]) => path.replace(/\{\w+\}/g, "p"));

const headers = { "content-type": "application/json" };
const json = (path: string, value: unknown): Sending => ({
  method: "POST",
  path,
  headers,
  body: JSON.stringify(value),
});

test.each(posts)("any JSON sent to %s is answered as openapi.json says, or with a problem", async (path) => {
  const body = fc.oneof(fc.jsonValue(), nasty, fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));
  await fc.assert(
    fc.asyncProperty(body, async (value) => {
      const sending = json(path, value === undefined ? null : value);
      judge(sending, await agent.send(sending));
    }),
    { numRuns: 60 },
  );
});

test("a report that is almost good is kept, or refused field by field; sent twice it is answered the same", async () => {
  const routes = {
    run: "runs",
    records: "records",
    quality: "quality",
    latency: "latency",
    freshness: "freshness",
    drift: "drift",
  };
  const almost = fc
    .constantFrom(...(Object.keys(routes) as (keyof typeof routes)[]))
    .chain((kind) => REPORTS[kind].map((body) => ({ kind, body })));
  await fc.assert(
    fc.asyncProperty(almost, fc.uuid(), async ({ kind, body }, id) => {
      const sending = json(`/v1/${routes[kind]}`, { ...(body as object), id });
      const first = await agent.send(sending);
      const status = judge(sending, first);
      const again = await agent.send(sending);
      if (status === 200) expect(again.body).toEqual({ ...(first.body as object), duplicate: true });
      else {
        expect([422, 409]).toContain(status);
        expect(again.status).toBe(status);
        const { errors, code } = first.body as { errors?: { path: string; message: string }[]; code: string };
        if (code !== "at_out_of_range") expect(errors?.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 300 },
  );
});
