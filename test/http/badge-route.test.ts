import { expect, test } from "vitest";
import { type TestAgent, testAgentOf, testServer } from "../support/agent.ts";

const server = await testServer();
const agent: TestAgent = await testAgentOf(server);

test("a badge is a picture for other sites, of the gate and of the SLA", async () => {
  const name = "a/b <ü>";
  const run = { pipeline_name: name, run_id: "r1" };
  await agent.post("/v1/quality", { ...run, check_name: "nulls", score: 0.5 });
  await agent.post("/v1/runs", { ...run, status: "success" });
  const path = `/badge/${encodeURIComponent(name)}.svg`;
  const gate = await agent.get(path);
  expect([gate.status, gate.headers["content-type"], gate.headers["cross-origin-resource-policy"]]).toEqual([
    200,
    "image/svg+xml; charset=utf-8",
    "cross-origin",
  ]);
  expect(gate.text).toContain("✕ block");
  expect((await agent.get(`${path}?kind=sla`)).text).toContain("✕ 0 %");
  expect((await agent.get("/badge/nobody.svg")).text).toContain("no such pipeline");
  expect((await agent.get(`${path}?kind=x`)).status).toBe(400);
});
