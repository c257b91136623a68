import { expect, it } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { temporaryDirectory } from "./support/bundle.ts";
import { clientMaker } from "./support/client.ts";

const newClient = clientMaker(temporaryDirectory());

it("more new pipelines than a minute's allowance are slowed and none is lost", { timeout: 600_000 }, async () => {
  const agent = await testAgentOf(await testServer(), { limits: { new_pipelines_per_minute: 60 } });
  const client = newClient(`http://127.0.0.1:${agent.port}`);
  // One request of 66: too large, so it goes in halves, and the second half owes a little.
  for (let i = 0; i < 66; i++) client.pipeline(`pipeline_${i}`).attach("1").records("load", 1);
  expect(await client.flush()).toBe(true);
  client.pipeline("one_more").attach("1").records("load", 1);
  expect(await client.flush({ deadlineSeconds: 60 })).toBe(true);
  expect(client.stats()).toEqual({ sent: 67, duplicates: 0, spooled: 0, reduced: 0, dropped: 0, dead: 0, queued: 0 });
  const { items } = (await agent.get("/v1/pipelines?limit=1000")).body as { items: unknown[] };
  expect(items).toHaveLength(67);
  expect(client.warnings.join("\n")).toContain("429");
});
