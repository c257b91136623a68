import http from "node:http";
import { describe, expect, test } from "vitest";
import { startAgent, testAgentOf, testServer } from "../support/agent.ts";
import { type Gate, Story } from "./story.ts";

const server = await testServer();
const agent = await testAgentOf(server);

interface Held {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: unknown;
  /** The body, where it is a gate's. */
  gate: Gate;
}

/** Asks on a connection of its own and holds it, as so many schedulers would. */
function hold(port: number, path: string): { answered: Promise<Held>; leave: () => void } {
  let request: http.ClientRequest;
  const answered = new Promise<Held>((resolve, reject) => {
    request = http.get({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
        resolve({ status: response.statusCode!, headers: response.headers, body, gate: body as Gate });
      });
    });
    request.on("error", reject);
  });
  answered.catch(() => {});
  return { answered, leave: () => request.destroy() };
}

describe("?wait=", () => {
  test("answers at once what is decided already", async () => {
    const story = new Story(agent, "decided");
    await story.quality("1", 1);
    await story.run("1", "success");
    expect(await story.says("?wait=5m")).toBe("pass");
  });

  test("answers the moment it is decided: pass, block, and for a run nobody has heard of yet", async () => {
    const story = new Story(agent, "waited_for");
    const held = [
      hold(agent.port, "/v1/gates/waited_for?run_id=1&wait=60s"),
      hold(agent.port, "/v1/gates/waited_for/check?run_id=2&wait=60s"),
    ];
    await story.run("1", "started");
    await story.quality("1", 1);
    await story.run("1", "success");
    expect((await held[0]!.answered).gate.decision).toBe("pass");
    await story.quality("2", 0.1);
    await story.run("2", "success");
    const second = await held[1]!.answered;
    expect([second.status, second.gate.decision]).toEqual([423, "block"]);
  });

  test("answers what it knows when the time is over", async () => {
    await new Story(agent, "slow").run("1", "started");
    const { status, gate } = await hold(agent.port, "/v1/gates/slow?wait=1s").answered;
    expect([status, gate.decision]).toEqual([200, "pending"]);
  });

  test("wakes for an override, an upstream and a changed mind of nobody", async () => {
    const story = new Story(agent, "overridden_while_waiting");
    await story.run("1", "started");
    const held = hold(agent.port, "/v1/gates/overridden_while_waiting?wait=60s");
    await story.override({ decision: "pass" });
    expect((await held.answered).gate.decision).toBe("pass");
  });

  test.each(["10m", "301s", "soon", "-1s"])("%s is refused", async (wait) => {
    const answer = await agent.get(`/v1/gates/slow?wait=${wait}`);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([400, "invalid_query"]);
  });

  test("two thousand who wait are all answered by one report, and leave nothing behind", async () => {
    const crowd = await startAgent(server);
    const story = new Story(crowd, "crowded");
    await story.run("1", "started");
    await story.quality("1", 1);
    const round = async (run_id: string) => {
      const held = Array.from({ length: 2000 }, () => hold(crowd.port, `/v1/gates/crowded?run_id=${run_id}&wait=300s`));
      await expect.poll(async () => waiting(await metrics(crowd)), { timeout: 120_000 }).toBe(2000);
      await story.quality(run_id, 1);
      await story.run(run_id, "success");
      const answers = await Promise.all(held.map(({ answered }) => answered));
      expect(new Set(answers.map(({ gate }) => gate.decision))).toEqual(new Set(["pass"]));
      expect(new Set(answers.map(({ gate }) => gate.decision_id)).size).toBe(1);
    };
    await round("2");
    expect(waiting(await metrics(crowd))).toBe(0);
    await crowd.stop();
  });

  test("who leaves is forgotten", async () => {
    await new Story(agent, "left").run("1", "started");
    const held = hold(agent.port, "/v1/gates/left?wait=300s");
    await expect.poll(async () => waiting(await metrics(agent)), { timeout: 120_000 }).toBe(1);
    held.leave();
    await expect.poll(async () => waiting(await metrics(agent)), { timeout: 120_000 }).toBe(0);
  });

  test("an agent that stops has decided nothing: who waits is told to ask again at once, also of /check", async () => {
    const stopping = await startAgent(server);
    await new Story(stopping, "p").run("1", "started");
    const held = ["", "/check", "/reasons.txt"].map((rest) => hold(stopping.port, `/v1/gates/p${rest}?wait=300s`));
    await expect.poll(async () => waiting(await metrics(stopping)), { timeout: 120_000 }).toBe(3);
    await stopping.stop();
    for (const { answered } of held) {
      const { status, headers, body } = await answered;
      expect(status).toBe(503);
      expect(body).toMatchObject({ code: "shutting_down" });
      expect(headers).toMatchObject({ "retry-after": "0", connection: "close" });
    }
  });
});

async function metrics(of: { get(path: string): Promise<{ text: string }> }): Promise<string> {
  return (await of.get("/metrics")).text;
}

function waiting(text: string): number {
  return Number(/^sluice_gate_waiters +(\d+)/m.exec(text)![1]);
}
