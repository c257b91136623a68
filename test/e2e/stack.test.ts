import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ROOT } from "../rules/shipped-rules.ts";

const PATIENCE = { timeout: 300_000, interval: 200 };

interface RunningStack {
  /** The first address in the line of this name. */
  addressOf(name: string): string;
  /** Every address in it. */
  addressesOf(name: string): string[];
  said(): string;
  /** By Ctrl-C; answers its exit code and signal. */
  interrupt(): Promise<unknown[]>;
}

async function startedStack(...args: string[]): Promise<RunningStack> {
  const directory = mkdtempSync(path.join(tmpdir(), "sluice-npm-run-stack-"));
  chmodSync(directory, 0o755);
  const child = spawn(process.execPath, [path.join(ROOT, "scripts/stack.mjs"), "--dir", directory, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });
  await vi.waitUntil(() => out.includes("Ctrl-C ends all of it") || child.exitCode !== null, PATIENCE);
  expect(out, err).toContain("Ctrl-C ends all of it");
  const addressesOf = (name: string) =>
    new RegExp(`^  ${name} +(http://localhost:\\d+.*)$`, "m").exec(out)![1]!.match(/http:\/\/localhost:\d+/g)!;
  return {
    addressesOf,
    addressOf: (name) => addressesOf(name)[0]!,
    said: () => out + err,
    interrupt: () => {
      child.kill("SIGINT");
      return ended;
    },
  };
}

test("npm run stack brings everything up, and Ctrl-C ends all of it", {
  timeout: 600_000,
}, async () => {
  const { addressOf, interrupt } = await startedStack();
  const [agent, prometheus, alertmanager] = ["Sluice", "Prometheus", "Alertmanager"].map(addressOf) as [
    string,
    string,
    string,
  ];
  for (const url of [`${agent}/readyz`, `${prometheus}/-/ready`, `${alertmanager}/-/ready`]) {
    expect((await fetch(url)).status).toBe(200);
  }
  expect(await interrupt()).toEqual([0, null]);
  for (const url of [agent, prometheus, alertmanager]) await expect(fetch(url)).rejects.toThrow();
});

/** The agent that listens there. */
function agentAt(url: string): number {
  const listens = `SLUICE_LISTEN=127.0.0.1:${new URL(url).port}`;
  const found = readdirSync("/proc").find((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(listens);
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`no agent listens at ${url}`);
  return Number(found);
}

test("npm run stack -- --agents 2 has two agents behind one address, which goes on when one is killed or stopped", {
  timeout: 600_000,
}, async () => {
  const { addressOf, addressesOf, said, interrupt } = await startedStack("--agents", "2");
  const [balancer, prometheus, agents] = [addressOf("Sluice"), addressOf("Prometheus"), addressesOf("its agents")];
  expect(new Set([balancer, ...agents]).size).toBe(3);
  let sent = 0;
  const failed: unknown[] = [];
  const report = async (): Promise<void> => {
    const body = JSON.stringify({ id: `r${++sent}`, pipeline_name: "p", run_id: `r${sent}`, status: "success" });
    const headers = { "content-type": "application/json" };
    for (const deadline = Date.now() + 60_000; ; ) {
      const answer = await fetch(`${balancer}/v1/runs`, { method: "POST", headers, body }).catch((error) => error);
      if (answer.ok) return;
      failed.push(answer.status ?? answer);
      // As the clients do: with its id, until it is taken.
      if (Date.now() > deadline) throw new Error("nobody takes it");
    }
  };
  const taken = async (agent: string) => {
    const text = await (await fetch(`${agent}/metrics`)).text();
    return Number(/^sluice_reports_total\{kind="run",outcome="accepted"\} +(\d+)/m.exec(text)![1]);
  };
  for (let i = 0; i < 10; i++) await report();
  for (const agent of agents) expect(await taken(agent)).toBeGreaterThan(0);

  process.kill(agentAt(agents[0]!), "SIGKILL");
  for (let i = 0; i < 200; i++) await report();
  await vi.waitUntil(() => said().includes("agent-1 is started again"), PATIENCE);
  await vi.waitUntil(async () => (await fetch(`${agents[0]}/readyz`).catch(() => null))?.ok, PATIENCE);
  // It is asked again, and counts anew.
  await vi.waitUntil(async () => {
    await report();
    return (await taken(agents[0]!)) > 0;
  }, PATIENCE);
  // What was under way at the killed one at most: a refused connection goes to the other one.
  expect(failed.length, failed.join()).toBeLessThanOrEqual(1);

  // One that is asked to stop takes nothing with it.
  const before = failed.length;
  process.kill(agentAt(agents[1]!), "SIGTERM");
  while (!said().includes("agent-2 is started again")) await report();
  expect(failed.slice(before)).toEqual([]);
  await vi.waitUntil(async () => (await fetch(`${agents[1]}/readyz`).catch(() => null))?.ok, PATIENCE);

  // Prometheus asks both, and not whichever the balancer chooses.
  const query = new URLSearchParams({ query: "up * on (instance) group_left () sluice_agents" });
  const seen = async () => {
    const answer = await (await fetch(`${prometheus}/api/v1/query?${query}`)).json();
    const { result } = (answer as { data: { result: { metric: { instance: string }; value: [number, string] }[] } })
      .data;
    return result.map(({ metric, value }) => `http://${metric.instance} ${value[1]}`).sort();
  };
  await expect.poll(seen, PATIENCE).toEqual(agents.map((agent) => `${agent} 2`).sort());
  expect(await interrupt()).toEqual([0, null]);
  for (const url of [balancer, ...agents]) await expect(fetch(url)).rejects.toThrow();
});
