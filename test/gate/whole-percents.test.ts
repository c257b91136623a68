import { expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

const server = await testServer();
const agent = await testAgentOf(server);

test("a score that is its threshold but for binary fractions passes everywhere: answer, gate, list, run, SLA and /metrics", async () => {
  for (const wrong of [7, 14, 29, 58]) {
    const pipeline_name = `percent_${wrong}`;
    const story = new Story(agent, pipeline_name);
    const [score, threshold] = [1 - wrong / 100, (100 - wrong) / 100];
    const answer = await story.post("/v1/quality", { pipeline_name, run_id: "r", check_name: "c", score, threshold });
    expect(answer.checks).toEqual([{ check_name: "c", score, threshold, passed: true }]);
    await story.run("r", "success");
    expect(await story.says(), String(wrong)).toBe(wrong > 10 ? "block: overall_quality_below_minimum" : "pass");
    const run = (await agent.get(`/v1/runs/${pipeline_name}/r`)).body as { checks: { passed: boolean }[] };
    expect(run.checks).toMatchObject([{ passed: true }]);
    const sla = (await agent.get(`/v1/sla/${pipeline_name}`)).body;
    expect(sla).toMatchObject({ total: 1, passed: 1, rate: 100, state: "ok" });
    const list = (await agent.get(`/v1/quality?pipeline_name=${pipeline_name}`)).body as { items: object[] };
    expect(list.items).toMatchObject([{ score, threshold, passed: true }]);
    const { text } = await agent.get("/metrics");
    const value = (name: string) =>
      Number(new RegExp(`^${name}\\{pipeline_name="${pipeline_name}",check_name="c"\\} +(\\S+)`, "m").exec(text)?.[1]);
    expect(value("data_quality_score")).toBe(threshold);
    expect(value("data_quality_threshold")).toBe(threshold);
  }
});
