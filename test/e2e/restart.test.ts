import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { installed } from "../cli/installed.ts";
import { temporaryDirectory } from "../client/support/bundle.ts";
import { clientMaker } from "../client/support/client.ts";
import { shippedAgent } from "../page/support/agent.ts";
import { type Executed, execute, killLeftOvers } from "../python/support/execute.ts";
import { SOURCE } from "../python/support/python-tools.ts";

const { main, env, directory } = await installed();
const agent = await shippedAgent();
const newClient = clientMaker(temporaryDirectory());
afterAll(killLeftOvers);
const PATIENT = { timeout: 60_000 };

const of = (spool: string) => ({ ...env, SLUICE_URL: agent.url, SLUICE_SPOOL_DIR: path.join(directory, spool) });
const json = async (to: string) => (await fetch(agent.url + to)).json() as Promise<Record<string, unknown>>;
const waiters = async () =>
  Number(/^sluice_gate_waiters +(\d+)/m.exec(await (await fetch(`${agent.url}/metrics`)).text())![1]);

const PYTHON = `
from sluice_client import gate
print(gate("orders", on_unreachable="block").require(run_id="r1", wait="2m").decision)
`;

/** Each kind of program that may wait for the gate of a run, and what it says in the end. */
function programs(): Promise<Executed>[] {
  const check = `${agent.url}/v1/gates/orders/check?run_id=r1&wait=2m`;
  const patient = ["--retry", "60", "--retry-delay", "1", "--retry-connrefused"];
  return [
    execute(process.execPath, [main, "gate", "orders", "--run-id", "r1", "--wait", "2m"], { env: of("cli") }),
    execute("python3", ["-c", PYTHON], { env: { ...of("python"), PYTHONPATH: path.join(SOURCE, "src") } }),
    execute("curl", ["-fsS", ...patient, check]),
  ];
}

test("a restart hurts nobody: who waits gets the answer, who reports loses and repeats nothing", async () => {
  const client = newClient(agent.url);
  const counting = client.pipeline("counting").attach("r1");
  await agent.report([{ kind: "run", pipeline_name: "orders", run_id: "r1", status: "started" }]);

  const waiting = programs();
  // Not by the one that reports: it would first hand over what is reported all the time.
  const asked = newClient(agent.url).gate("orders", { onUnreachable: "block" }).check({ run_id: "r1", wait: "2m" });
  await expect.poll(waiters, PATIENT).toBe(waiting.length + 1);
  let reported = 0;
  const reporting = setInterval(() => {
    counting.records("load", 1);
    reported++;
  }, 5);
  // It ends while the agent is away.
  const wrapped = ["exec", "wrapped", "--run-id", "w1", "--gate-after", "--wait", "2m", "--", "sleep", "2.5"];
  const exec = execute(process.execPath, [main, ...wrapped], { env: { ...of("exec"), SLUICE_FLUSH_DEADLINE: "0s" } });
  await expect.poll(() => json("/v1/runs?pipeline_name=wrapped"), PATIENT).toMatchObject({ items: [{ run_id: "w1" }] });
  await agent.report([{ kind: "quality", pipeline_name: "wrapped", run_id: "w1", check_name: "unique", score: 1 }]);

  await agent.kill();
  // Refused connections as well.
  await sleep(1500);
  await agent.start();
  await expect.poll(waiters, PATIENT).toBe(waiting.length + 1);
  clearInterval(reporting);
  await agent.report([
    { kind: "quality", pipeline_name: "orders", run_id: "r1", check_name: "null_rate", score: 1 },
    { kind: "run", pipeline_name: "orders", run_id: "r1", status: "success" },
  ]);
  expect(await client.flush()).toBe(true);

  expect(await asked).toMatchObject({ decision: "pass", allowed: true });
  const [cli, python, curl] = await Promise.all(waiting);
  expect(cli).toMatchObject({ code: 0, err: "", out: expect.stringContaining("orders: pass, may go on (run r1)") });
  expect(python).toEqual({ code: 0, err: "", out: "pass\n" });
  expect(curl).toMatchObject({ code: 0, out: expect.stringContaining('"decision":"pass"') });
  expect(await exec).toMatchObject({ code: 0 });
  const { sent, duplicates, ...rest } = client.stats();
  expect(sent + duplicates).toBe(reported);
  expect(rest).toMatchObject({ dead: 0, dropped: 0, queued: 0, spooled: 0 });
  expect(await json("/v1/runs/counting/r1")).toMatchObject({ stages: [{ stage: "load", count: reported }] });
});
