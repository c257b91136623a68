import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { promisify } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { freePort } from "../../scripts/lib/free-port.mjs";
import { startAgent, testAgentOf, testServer } from "../support/agent.ts";
import { installed } from "./installed.ts";

vi.setConfig({ testTimeout: 180_000 });
const { main, directory, env } = await installed();
const server = await testServer();
const agent = await testAgentOf(server);
const url = `http://127.0.0.1:${agent.port}`;

interface Wrapped {
  child: ChildProcess;
  out(): string;
  says(text: string): Promise<void>;
  ended: Promise<number | string>;
}

function sluiceExec(args: string[], extra: Record<string, string> = {}): Wrapped {
  const child = spawn(process.execPath, [main, "exec", ...args], {
    cwd: directory,
    env: { ...env, SLUICE_URL: url, ...extra },
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
  const says = (text: string) => expect.poll(() => said, { timeout: 300_000 }).toContain(text);
  return { child, out: () => said, says, ended };
}

const runs = async (pipeline: string) => {
  const { body } = await agent.get(`/v1/runs?pipeline_name=${pipeline}`);
  return (body as { items: { run_id: string; status: string; error: string | null }[] }).items;
};

describe("a signal", () => {
  test("reaches the command, which decides what comes of it", async () => {
    const script = 'trap "echo tidied; exit 9" TERM; echo ready; while :; do sleep 0.1; done';
    const { child, says, ended, out } = sluiceExec(["trapping", "--", "sh", "-c", script]);
    await says("ready");
    child.kill("SIGTERM");
    expect(await ended).toBe(9);
    expect(out()).toContain("tidied");
    expect(await runs("trapping")).toMatchObject([{ status: "failed", error: "exit status 9" }]);
  });

  test.each([
    ["SIGTERM", 143, "failed"],
    ["SIGHUP", 129, "failed"],
    ["SIGINT", 130, "cancelled"],
  ] as const)("%s that ends the command ends us with %i, the run is %s", async (signal, code, status) => {
    const { child, says, ended } = sluiceExec([signal, "--", "sh", "-c", "echo ready; exec sleep 60"]);
    await says("ready");
    child.kill(signal);
    expect(await ended).toBe(code);
    expect(await runs(signal)).toMatchObject([{ status, error: `ended by ${signal}` }]);
  });
});

describe("the command", () => {
  test("gets standard input byte for byte, and its end", async () => {
    const { child, ended, out } = sluiceExec(["stdin", "--", "wc", "-c"]);
    child.stdin!.end(Buffer.alloc(300_000, 7));
    expect(await ended).toBe(0);
    expect(out().trim()).toBe("300000");
  });

  test("may fill standard output faster than it is read", async () => {
    const line = `"${process.execPath}" "${main}" exec filling -- seq 1 300000 | (sleep 0.5; tail -n 1)`;
    const { stdout } = await promisify(execFile)("sh", ["-c", line], { env: { ...env, SLUICE_URL: url } });
    expect(stdout).toBe("300000\n");
  });

  test("is given megabytes on standard error back as they were, and their last lines go to the report", async () => {
    const script = "i=0; while [ $i -lt 40000 ]; do echo line $i >&2; i=$((i+1)); done; exit 1";
    const { ended, out } = sluiceExec(["chatty", "--", "sh", "-c", script]);
    expect(await ended).toBe(1);
    const lines = out().trimEnd().split("\n");
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([40_000, "line 0", "line 39999"]);
    const error = (await runs("chatty"))[0]!.error!.split("\n");
    expect([error[0], error[1], error.at(-1)]).toEqual(["exit status 1", "line 39970", "line 39999"]);
  });

  test("may leave something running that holds standard error open", async () => {
    const { ended, out } = sluiceExec(["daemon", "--", "sh", "-c", "sleep 300 </dev/null >/dev/null & echo $!"]);
    expect(await ended).toBe(0);
    process.kill(Number(out()), "SIGKILL");
  });

  test("is told which run it is", async () => {
    const { ended, out } = sluiceExec(["told", "--run-id", "r1", "--attempt", "3", "--", "env"]);
    expect(await ended).toBe(0);
    expect(out()).toContain("SLUICE_PIPELINE_NAME=told\n");
    expect(out()).toContain("SLUICE_RUN_ID=r1\n");
    expect(out()).toContain("SLUICE_ATTEMPT=3\n");
    expect(out()).not.toContain("SLUICE_TRY");
  });

  test("is told no number that nobody gave, also inside of another run", async () => {
    const outer = { SLUICE_ATTEMPT: "7", SLUICE_TRY: "8", SLUICE_PIPELINE_NAME: "outer", SLUICE_RUN_ID: "r0" };
    const plain = sluiceExec(["told", "--run-id", "r2", "--", "env"], outer);
    expect(await plain.ended).toBe(0);
    expect(plain.out()).not.toMatch(/SLUICE_(ATTEMPT|TRY)=/);
    const tried = sluiceExec(["told", "--run-id", "r3", "--try", "2", "--resumes", "--", "env"], outer);
    expect(await tried.ended).toBe(0);
    expect(tried.out()).toContain("SLUICE_TRY=2\n");
  });
});

describe("the agent's absence", () => {
  test("changes nothing for the command, and every report arrives once when it is there", async () => {
    const port = await freePort();
    const absent = { SLUICE_URL: `http://127.0.0.1:${port}`, SLUICE_SPOOL_DIR: `${directory}/spool` };
    const piped = sluiceExec(["later", "--run-id", "a", "--", "sh", "-c", "cat; exit 4"], absent);
    piped.child.stdin!.end("through\n");
    expect(await piped.ended).toBe(4);
    expect(piped.out()).toMatch(/^through\nsluice: the report of this run was not delivered, it is kept in /);

    const killed = sluiceExec(["later", "--run-id", "b", "--", "sh", "-c", "echo ready $$; exec sleep 60"], absent);
    await killed.says("ready");
    killed.child.kill("SIGKILL");
    // The command lives on, and holds the output open.
    process.kill(Number(/ready (\d+)/.exec(killed.out())![1]), "SIGKILL");
    expect(await killed.ended).toBe("SIGKILL");

    const back = await startAgent(server, { port });
    const next = sluiceExec(["later", "--run-id", "c", "--", "true"], absent);
    expect([await next.ended, next.out()]).toEqual([0, ""]);
    const { body } = await back.get("/v1/runs?pipeline_name=later");
    const found = (body as { items: { run_id: string; status: string }[] }).items;
    expect(found.map(({ run_id, status }) => `${run_id} ${status}`).sort()).toEqual([
      "a failed",
      "b started",
      "c success",
    ]);
    const { text } = await back.get("/metrics");
    expect(text).toMatch(/^pipeline_runs_total\{pipeline_name="later",status="failed"\} +1$/m);
    expect(text).toMatch(/^pipeline_runs_total\{pipeline_name="later",status="success"\} +1$/m);
    await back.stop();
  });

  test.each([
    ["nothing", () => {}],
    ["garbage", (socket: Socket) => void socket.end("SSH-2.0-OpenSSH_9.2\r\n")],
    ["500", (socket: Socket) => void socket.end("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n")],
  ])("is the same when what is there answers %s", async (_what, answer) => {
    const peer = createServer(answer).listen(0, "127.0.0.1");
    await once(peer, "listening");
    const { port } = peer.address() as AddressInfo;
    const { ended, out } = sluiceExec(["odd", "--flush-deadline", "1s", "--", "echo", "done"], {
      SLUICE_URL: `http://127.0.0.1:${port}`,
    });
    expect(await ended).toBe(0);
    expect(out()).toMatch(/^done\nsluice: the report of this run was not delivered, it is kept in /);
    peer.close();
  });
});
