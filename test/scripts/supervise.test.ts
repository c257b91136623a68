import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { freePort } from "../../scripts/lib/free-port.mjs";

const ROOT = path.join(import.meta.dirname, "../..");
const LIMIT_MS = 120_000;

/** `npm start` with a data directory and a port of its own. */
class Start {
  readonly directory = mkdtempSync(path.join(tmpdir(), "sluice-start-"));
  readonly port: number;
  readonly ended: Promise<unknown[]>;
  err = "";
  readonly #process: ChildProcess;

  private constructor(port: number, yaml: string, env: Record<string, string>) {
    this.port = port;
    writeFileSync(path.join(this.directory, "sluice.yaml"), yaml);
    this.#process = spawn(process.execPath, ["scripts/start.mjs"], {
      cwd: ROOT,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        SLUICE_CONFIG: path.join(this.directory, "sluice.yaml"),
        SLUICE_DATA_DIR: path.join(this.directory, "data"),
        SLUICE_LISTEN: `127.0.0.1:${port}`,
        ...env,
      },
    });
    this.#process.stderr!.on("data", (text) => {
      this.err += text;
    });
    this.ended = once(this.#process, "exit");
  }

  static async open(yaml = "{}\n", env: Record<string, string> = {}): Promise<Start> {
    return new Start(await freePort(), yaml, env);
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** The agent's process. */
  agent(): number | undefined {
    const { pid } = this.#process;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    return children.map(Number).find((child) => child > 0 && commandOf(child).includes("main.js"));
  }

  async ask(route: string, body?: object): Promise<Response | null> {
    const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    return fetch(`http://127.0.0.1:${this.port}${route}`, body === undefined ? {} : post).catch(() => null);
  }

  async ready(): Promise<void> {
    await eventually(
      async () => (await this.ask("/readyz"))?.status === 200,
      () => this.err,
    );
  }

  async dispose(): Promise<void> {
    this.signal("SIGTERM");
    const late = setTimeout(() => this.signal("SIGKILL"), 20_000);
    await this.ended;
    clearTimeout(late);
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

async function eventually(look: () => Promise<boolean> | boolean, words: () => string): Promise<void> {
  for (const deadline = Date.now() + LIMIT_MS; !(await look()); ) {
    if (Date.now() > deadline) throw new Error(`it did not come true: ${words()}`);
    await sleep(50);
  }
}

describe("npm start", () => {
  const open: Start[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.dispose();
  });
  const start = async (yaml?: string, env?: Record<string, string>) => {
    const one = await Start.open(yaml, env);
    open.push(one);
    return one;
  };

  test("starts an agent again that was killed, with all it had stored, and ends when asked to", async () => {
    const one = await start();
    await one.ready();
    const report = { pipeline_name: "p", check_name: "c", score: 1 };
    expect((await one.ask("/v1/quality", report))?.status).toBe(200);
    const first = one.agent()!;
    process.kill(first, "SIGKILL");
    await eventually(
      () => one.err.includes("sluice: ended unexpectedly (SIGKILL); starting again in 0.5 s"),
      () => one.err,
    );
    await one.ready();
    expect(one.agent()).not.toBe(first);
    expect(await (await one.ask("/v1/sla/p"))?.json()).toMatchObject({ total: 1 });
    one.signal("SIGTERM");
    expect(await one.ended).toEqual([0, null]);
    expect(await one.ask("/healthz")).toBeNull();
  });

  test("starts an agent again in which something was thrown that nobody handled, after it has told what", async () => {
    const preload = path.join(import.meta.dirname, "../support/throw-on-signal.mjs");
    const one = await start("{}\n", { NODE_OPTIONS: `--import ${preload}` });
    await one.ready();
    const first = one.agent()!;
    process.kill(first, "SIGUSR2");
    await eventually(
      () => one.err.includes("starting again"),
      () => one.err,
    );
    expect(one.err).toContain(
      "sluice: an error that nobody handled ends the agent: Error: nobody waits for this (the log has more)\n",
    );
    const fatal = one.err.split("\n").find((line) => line.startsWith('{"level":"fatal"'))!;
    expect(JSON.parse(fatal)).toMatchObject({
      msg: "an error that nobody handled: the agent finishes what it took and ends",
      err: { message: "nobody waits for this", stack: expect.stringContaining("throw-on-signal") },
    });
    expect(one.err).toContain("sluice: ended unexpectedly (exit code 70); starting again in 0.5 s\n");
    await one.ready();
  });

  test("does not try a wrong configuration again", async () => {
    const one = await start("limits: nothing\n");
    expect(await one.ended).toEqual([2, null]);
    expect(one.err).toMatch(/^The configuration has an error:|^The configuration has 1 error/m);
    expect(one.err).not.toContain("starting again");
  });

  test("takes the agent along when it is killed itself", async () => {
    const one = await start();
    await one.ready();
    const agent = one.agent()!;
    one.signal("SIGKILL");
    await one.ended;
    await eventually(
      () => commandOf(agent) === "",
      () => commandOf(agent),
    );
  });
});
