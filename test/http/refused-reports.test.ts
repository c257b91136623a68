import { expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";

const agent = await testAgentOf(await testServer());

test("reports that are refused before the store are counted by what they are", async () => {
  await agent.post("/v1/quality", { pipeline_name: "p", check_name: "c", score: 95 });
  await agent.post("/v1/reports", [
    { kind: "quality", pipeline_name: "p", check_name: "c", score: 0.5 },
    { kind: "records", pipeline_name: "p", stage: "load", count: -1 },
    { kind: "nothing", pipeline_name: "p" },
    "text",
  ]);
  const { text } = await agent.get("/metrics");
  const count = (kind: string, outcome: string) =>
    Number(new RegExp(`^sluice_reports_total\\{kind="${kind}",outcome="${outcome}"\\} +(\\d+)`, "m").exec(text)![1]);
  expect(count("quality", "rejected")).toBe(1);
  expect(count("quality", "accepted")).toBe(1);
  expect(count("records", "rejected")).toBe(1);
  expect(count("unknown", "rejected")).toBe(2);
});
