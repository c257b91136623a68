import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiKey, bearer, startAgent, type TestAgent, testServer } from "../support/agent.ts";
import { type ToldServer, toldServer } from "../support/notify/http-server.ts";
import { expectProblem } from "./problems.ts";

const WITHIN = { timeout: 300_000, interval: 50 };
const reader = apiKey("reader", ["read"]);
const limited = apiKey("limited", ["read", "operate", "report"], ["orders"]);
const admin = apiKey("admin", ["admin"]);

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

/** A run whose one check scores so. */
const run = (pipeline_name: string, score: number, run_id = "r1") => [
  { kind: "quality", pipeline_name, run_id, check_name: "null_rate", score, threshold: 0.95 },
  { kind: "records", pipeline_name, run_id, stage: "load", count: 10 },
  { kind: "run", pipeline_name, run_id, status: "success" },
];

let hook: ToldServer;
let agent: TestAgent;
const as = bearer(admin.key);
const told = () => hook.received.map(({ body }) => body as { kind: string; title: string; thread_id: number });
const items = async (query = "", headers = as) => {
  const { body } = await agent.get(`/v1/notices${query}`, headers);
  return (body as { items: Item[] }).items;
};

beforeAll(async () => {
  hook = await toldServer({ status: 204 });
  agent = await startAgent(await testServer(), {
    keys: [reader.entry, limited.entry, admin.entry],
    yaml: `
notices:
  group_wait: 0s
  public_url: https://sluice.example.com
  channels: [{name: hook, type: webhook, url: "${hook.url}/x"}]
gate:
  policies:
    - {pipeline_name: orders_report, depends_on: [orders]}
teams: [{team: commerce, pipelines: ["orders*"]}]`,
  });
});
afterAll(async () => {
  await agent.stop();
  await hook.stop();
});

describe("a gate that closes", () => {
  test("is told with its reason and what waits for it, and told again when it is over", async () => {
    await agent.post("/v1/reports", run("orders_report", 1), as);
    await agent.post("/v1/reports", run("orders", 0.91), as);
    await expect.poll(told, WITHIN).toHaveLength(1);
    expect(told()[0]).toMatchObject({
      kind: "opened",
      severity: "critical",
      standing: "blocked",
      title: "orders is blocked: null_rate scored 0.91, 0.95 is required",
      pipelines: [{ pipeline_name: "orders", run_id: "r1", blocks: ["orders_report"] }],
      links: [{ label: "Open in Sluice", url: "https://sluice.example.com/pipelines/orders" }],
    });
    await agent.post("/v1/reports", run("orders", 1, "r2"), as);
    await expect.poll(told, WITHIN).toHaveLength(2);
    expect(told()[1]).toMatchObject({ kind: "resolved", standing: "over", thread_id: told()[0]!.thread_id });
    await expect.poll(async () => (await items("?state=sent")).length, WITHIN).toBe(2);
    expect((await items("?pipeline_name=orders")).map(({ kind, attempts }) => [kind, attempts])).toEqual([
      ["resolved", 1],
      ["opened", 1],
    ]);
  });

  test("is let through and blocked by hand: both are told", async () => {
    hook.received.length = 0;
    await agent.post("/v1/reports", run("orders", 0.5, "r3"), as);
    await expect.poll(told, WITHIN).toHaveLength(1);
    const path = "/v1/gates/orders/overrides";
    await agent.post(path, { decision: "pass", reason: "known", actor: "ann", expires_in: "1h" }, as);
    await expect.poll(told, WITHIN).toHaveLength(2);
    expect(told()[1]).toMatchObject({ kind: "updated", standing: "let through", news: "ann lets it through: known" });
    await agent.post("/v1/reports", run("orders", 1, "r4"), as);
    await expect.poll(told, WITHIN).toHaveLength(3);
    expect(told()[2]).toMatchObject({ kind: "resolved" });
    await agent.post(
      "/v1/gates/users/overrides",
      { decision: "block", reason: "hold it", actor: "ben", expires_in: "1h" },
      as,
    );
    await agent.post("/v1/reports", run("users", 1), as);
    await agent.post(
      "/v1/gates/users/overrides",
      { decision: "block", reason: "hold it", actor: "ben", expires_in: "1h" },
      as,
    );
    await expect.poll(told, WITHIN).toHaveLength(4);
    expect(told()[3]).toMatchObject({ kind: "opened", title: "users is blocked: hold it", severity: "critical" });
  });

  test("of a muted pipeline is not told", async () => {
    hook.received.length = 0;
    await agent.post("/v1/mutes", { pipeline_name: "quiet*", reason: "r", actor: "a", expires_in: "1h" }, as);
    await agent.post("/v1/reports", run("quiet_one", 0.1), as);
    await agent.post("/v1/reports", run("loud_one", 0.1), as);
    await expect.poll(told, WITHIN).toHaveLength(1);
    expect(told()[0]!.title).toMatch(/^loud_one is blocked/);
  });
});

describe("a notice that could not be delivered", () => {
  test("is dead with the reason, and is sent again on demand", async () => {
    hook.received.length = 0;
    hook.behave({ status: 410, body: "gone" });
    await agent.post("/v1/reports", run("orders_eu", 0.2), as);
    await expect.poll(async () => (await items("?state=dead")).length, WITHIN).toBe(1);
    const [dead] = await items("?state=dead");
    expect(dead).toMatchObject({ pipeline_name: "orders_eu", last_error: "HTTP 410: gone", next_attempt_at: null });
    const metrics = async () => (await agent.get("/metrics", as)).text;
    expect(await metrics()).toMatch(/sluice_notices_total\{channel="hook",outcome="dead"\} 1/);
    hook.behave({ status: 204 });
    const answer = await agent.post(`/v1/notices/${dead!.notice_id}/resend`, {}, as);
    expect([answer.status, answer.body]).toMatchObject([200, { state: "pending" }]);
    await expect.poll(async () => (await items("?state=dead")).length, WITHIN).toBe(0);
    await expect.poll(() => told().length, WITHIN).toBe(2);
    await expect.poll(metrics, WITHIN).toMatch(/sluice_notices_pending 0\n/);
    expect(await metrics()).toMatch(/sluice_notices_oldest_pending_seconds 0\n/);
  });

  test("that nobody knows is not found", async () => {
    const id = "00000000-0000-4000-8000-000000000000";
    const answer = await agent.post(`/v1/notices/${id}/resend`, {}, as);
    expectProblem(answer, "not_found", `notice_id: there is no notice "${id}"`);
    expect((await agent.post("/v1/notices/nonsense/resend", {}, as)).status).toBe(400);
  });
});

describe("GET /v1/notices", () => {
  test("is paged, newest first", async () => {
    const all = await items();
    expect(all.length).toBeGreaterThan(4);
    const paged: Item[] = [];
    let cursor = "";
    for (;;) {
      const { body } = await agent.get(`/v1/notices?limit=2${cursor}`, as);
      const { items: part, next_cursor } = body as { items: Item[]; next_cursor: string | null };
      paged.push(...part);
      if (next_cursor === null) break;
      cursor = `&cursor=${next_cursor}`;
    }
    expect(paged).toEqual(all);
  });

  test("shows a key for some pipelines its own, and lets it send those again", async () => {
    const own = await items("", bearer(limited.key));
    expect(new Set(own.map(({ pipeline_name }) => pipeline_name))).toEqual(new Set(["orders"]));
    const other = (await items()).find(({ pipeline_name }) => pipeline_name === "users")!;
    const answer = await agent.post(`/v1/notices/${other.notice_id}/resend`, {}, bearer(limited.key));
    expect(answer.status).toBe(404);
    expect((await agent.get("/v1/notices?pipeline_name=users", bearer(limited.key))).status).toBe(403);
  });

  test("says what is wrong with a question", async () => {
    const answer = await agent.get("/v1/notices?state=lost", as);
    expect(answer.body).toMatchObject({
      code: "invalid_query",
      detail: 'state: "lost" given; must be one of pending, sent, dead',
    });
  });
});

describe("POST /v1/notices/test", () => {
  test("sends a message to a channel, and says where to see what became of it", async () => {
    hook.received.length = 0;
    const answer = await agent.post("/v1/notices/test", { channel: "hook" }, as);
    expect(answer.status).toBe(201);
    const { notice_id } = answer.body as { notice_id: string };
    await expect.poll(told, WITHIN).toHaveLength(1);
    expect(told()[0]).toMatchObject({ notice_id, kind: "test", title: "Sluice can reach hook" });
  });

  test("names the channels there are", async () => {
    const answer = await agent.post("/v1/notices/test", { channel: "hok" }, as);
    expectProblem(answer, "not_found", 'channel: there is no channel "hok"; they are hook');
  });

  test("needs a channel", async () => {
    const answer = await agent.post("/v1/notices/test", {}, as);
    expect(answer.body).toMatchObject({
      code: "invalid_body",
      detail: "channel: missing; must be the name of a channel",
    });
  });

  test("is not for keys of some pipelines", async () => {
    expect((await agent.post("/v1/notices/test", { channel: "hook" }, bearer(limited.key))).status).toBe(403);
  });
});

describe("GET /v1/digest", () => {
  test("tells the day of a team, of all, and of the pipelines that a key may see", async () => {
    const digest = async (query: string, headers = as) =>
      (await agent.get(`/v1/digest${query}`, headers)).body as {
        title: string;
        totals: Record<string, number>;
        sla: { pipeline_name: string; rate: number; state: string; days: (number | null)[] }[];
        blocked: { pipeline_name: string; detail: string }[];
        overrides: { pipeline_name: string; actor: string }[];
      };
    const team = await digest("?period=day&team=commerce");
    expect(team.sla.map(({ pipeline_name, rate }) => [pipeline_name, rate])).toEqual([
      ["orders_eu", 0],
      ["orders", 50],
      ["orders_report", 100],
    ]);
    expect(team.sla[1]!.days).toHaveLength(7);
    expect(team.blocked.map(({ pipeline_name }) => pipeline_name).sort()).toEqual(["orders", "orders", "orders_eu"]);
    expect(team.overrides).toMatchObject([{ pipeline_name: "orders", actor: "ann" }]);
    expect(team.title).toBe("The day for commerce: 2 pipelines below their target, 3 blocked runs");
    expect((await digest("?period=week")).totals.sla).toBeGreaterThan(3);
    expect((await digest("", bearer(limited.key))).sla.map(({ pipeline_name }) => pipeline_name)).toEqual(["orders"]);
  });

  test("as a page runs nothing and loads nothing, as text is for terminals", async () => {
    const page = await agent.get("/v1/digest", { ...as, accept: "text/html" });
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(page.text).not.toMatch(/<script|(?:src|href)="http/);
    expect(page.text).toContain("orders_eu");
    const text = await agent.get("/v1/digest", { ...as, accept: "text/plain" });
    expect(text.text).toMatch(/✗ orders_eu +0\.00 % of 99 %/);
  });

  test("names the teams there are", async () => {
    const answer = await agent.get("/v1/digest?team=sales", as);
    expectProblem(answer, "invalid_query", 'team: "sales" given; must be one of commerce');
  });
});
