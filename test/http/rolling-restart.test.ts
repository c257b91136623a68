import http from "node:http";
import { expect, test } from "vitest";
import { freePort } from "../../scripts/lib/free-port.mjs";
import { temporaryDirectory } from "../client/support/bundle.ts";
import { clientMaker } from "../client/support/client.ts";
import { launchAgent, newDatabase, testServer } from "../support/agent.ts";
import { balancer } from "../support/balancer.ts";

const server = await testServer();
const newClient = clientMaker(temporaryDirectory());
const PATIENT = { timeout: 120_000 };

interface Said {
  status: number;
  body: Record<string, unknown>;
}

/** One request of somebody who keeps connections open and tries nothing twice. */
function ask(connections: http.Agent, url: string, body?: object): Promise<Said> {
  return new Promise((resolve, reject) => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const headers = sent === undefined ? {} : { "content-type": "application/json", "content-length": sent.length };
    const method = sent === undefined ? "GET" : "POST";
    const request = http.request(url, { agent: connections, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode!, body: JSON.parse(text) }));
    });
    request.on("error", reject);
    request.end(sent);
  });
}

test("a rolling restart of two agents behind a load balancer is seen by nobody", async () => {
  const database_url = await newDatabase(server);
  const launch = async (port: number) => (await launchAgent(database_url, { port })).ready;
  const ports = [await freePort(), await freePort()];
  const agents = new Map(await Promise.all(ports.map(async (port) => [port, await launch(port)] as const)));
  const { url, sends } = await balancer(ports);
  for (const port of ports) await sends(port, true);

  let over = false;
  let posted = 0;
  const wrong: unknown[] = [];
  // Without a retry of its own.
  const plain = async () => {
    const connections = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (!over) {
      const answers = [
        await ask(connections, `${url}/v1/records`, { pipeline_name: "plain", run_id: "r1", stage: "load", count: 1 }),
        await ask(connections, `${url}/v1/gates/plain`),
      ];
      posted++;
      wrong.push(...answers.filter(({ status }) => status !== 200));
    }
    connections.destroy();
  };
  /** As `curl --retry` does. */
  const held = async (): Promise<Said & { tries: number }> => {
    for (let tries = 1; ; tries++) {
      const answer = await ask(new http.Agent(), `${url}/v1/gates/orders/check?run_id=r1&wait=120s`);
      if (answer.status !== 503) return { ...answer, tries };
    }
  };
  const client = newClient(url);
  const counting = client.pipeline("counting").attach("r1");
  let reported = 0;
  const reporting = setInterval(() => {
    counting.records("load", 1);
    reported++;
  }, 5);
  const run = (status: string) => ({ kind: "run", pipeline_name: "orders", run_id: "r1", status });
  await ask(new http.Agent(), `${url}/v1/reports`, [run("started")]);
  const plainOnes = [plain(), plain()].map((one) => one.catch((error: unknown) => void wrong.push(error)));
  const heldOnes = [held(), held()];
  const gate = newClient(url).gate("orders", { onUnreachable: "block" }).check({ run_id: "r1", wait: "2m" });

  for (const [port, agent] of agents) {
    const before = posted;
    agent.leave();
    await sends(port, false);
    // Connections that were open are let go of with their next answer.
    await expect.poll(() => posted, PATIENT).toBeGreaterThan(before + 20);
    await agent.stop();
    agents.set(port, await launch(port));
    await sends(port, true);
  }

  const check = { kind: "quality", pipeline_name: "orders", run_id: "r1", check_name: "null_rate", score: 1 };
  await ask(new http.Agent(), `${url}/v1/reports`, [check, run("success")]);
  clearInterval(reporting);
  over = true;
  await Promise.all(plainOnes);
  expect(wrong).toEqual([]);
  const answers = await Promise.all(heldOnes);
  expect(answers).toMatchObject([{ status: 200, body: { decision: "pass" } }, { status: 200 }]);
  // Each agent has stopped once while somebody waited.
  expect(answers.reduce((tries, answer) => tries + answer.tries, 0)).toBeGreaterThan(2);
  expect(await gate).toMatchObject({ decision: "pass" });
  expect(await client.flush()).toBe(true);
  const { sent, duplicates, dead, dropped } = client.stats();
  expect([sent + duplicates, dead, dropped]).toEqual([reported, 0, 0]);
  const counted = async (name: string) => (await ask(new http.Agent(), `${url}/v1/runs/${name}/r1`)).body;
  expect(await counted("counting")).toMatchObject({ stages: [{ stage: "load", count: reported }] });
  expect(await counted("plain")).toMatchObject({ stages: [{ stage: "load", count: posted }] });
});
