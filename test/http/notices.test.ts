import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAgent, type TestAgent, testServer } from "../support/agent.ts";
import { type ToldServer, toldServer } from "../support/notify/http-server.ts";

const server = await testServer();
const WITHIN = { timeout: 25_000, interval: 50 };

interface Item {
  notice_id: string;
  kind: string;
  pipeline_name: string | null;
  state: string;
  title: string;
  attempts: number;
  last_error: string | null;
  next_attempt_at: string | null;
}

const itemsOf = async (agent: TestAgent, query = "", headers = {}) =>
  ((await agent.get(`/v1/notices${query}`, headers)).body as { items: Item[]; next_cursor: string | null }).items;

const check = (pipeline_name: string, score: number, run_id = "r1") => [
  { kind: "quality", pipeline_name, run_id, check_name: "null_rate", score, threshold: 0.95 },
  { kind: "records", pipeline_name, run_id, stage: "load", count: 10 },
  { kind: "run", pipeline_name, run_id, status: "success" },
];

describe("a gate that closes", () => {
  let hook: ToldServer;
  let agent: TestAgent;
  const told = () => hook.received.map(({ body }) => body as { kind: string; title: string; thread_id: number });
  beforeAll(async () => {
    hook = await toldServer({ status: 204 });
    agent = await startAgent(server, {
      yaml: `
notices:
  group_wait: 0s
  public_url: https://sluice.example.com
  channels: [{name: hook, type: webhook, url: "${hook.url}/x"}]
gate:
  policies:
    - {pipeline_name: orders_report, depends_on: [orders]}`,
    });
  });
  afterAll(async () => {
    await agent.stop();
    await hook.stop();
  });

  test("is told with its reason, and told again when it is over", async () => {
    await agent.post("/v1/reports", check("orders", 0.91));
    await expect.poll(told, WITHIN).toHaveLength(1);
    expect(told()[0]).toMatchObject({
      kind: "opened",
      severity: "critical",
      standing: "blocked",
      title: "orders is blocked: null_rate scored 0.91, 0.95 is required",
      pipelines: [{ pipeline_name: "orders", run_id: "r1" }],
      links: [{ label: "Open in Sluice", url: "https://sluice.example.com/#/pipelines/orders" }],
    });
    await agent.post("/v1/reports", check("orders", 1, "r2"));
    await expect.poll(told, WITHIN).toHaveLength(2);
    expect(told()[1]).toMatchObject({ kind: "resolved", standing: "over", thread_id: told()[0]!.thread_id });
    const items = await itemsOf(agent, "?pipeline_name=orders");
    expect(items.map(({ kind, state, attempts }) => [kind, state, attempts])).toEqual([
      ["resolved", "sent", 1],
      ["opened", "sent", 1],
    ]);
  });
});
