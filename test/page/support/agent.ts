import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, vi } from "vitest";
import { build } from "../../../scripts/lib/build.mjs";
import { freePort } from "../../../scripts/lib/free-port.mjs";
import { root } from "../../../scripts/lib/root.mjs";
import type { ApiKeyConfig } from "../../../src/config.ts";

/** The agent as it is shipped, page and all, in a process of its own. */
export interface ShippedAgent {
  readonly url: string;
  report(reports: readonly object[], key?: string): Promise<void>;
  send(method: string, path: string, body: object, key?: string): Promise<unknown>;
  kill(): Promise<void>;
  /** On the same port and data. */
  start(): Promise<void>;
}

interface ShippedOptions {
  keys?: readonly ApiKeyConfig[];
  /** Of sluice.yaml. */
  config?: object;
}

/** Ready to take reports, and gone after the file's last test. */
export async function shippedAgent({ keys = [], config = {} }: ShippedOptions = {}): Promise<ShippedAgent> {
  await build(root);
  const directory = mkdtempSync(path.join(tmpdir(), "sluice-page-"));
  // As root the embedded server runs as another user, who has to get through to its directory.
  chmodSync(directory, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // JSON is YAML.
  writeFileSync(path.join(directory, "sluice.yaml"), JSON.stringify({ api_keys: keys, ...config }));
  let child: ChildProcess | undefined;
  let said = "";

  async function start(): Promise<void> {
    const env = { PATH: process.env.PATH, SLUICE_LISTEN: `127.0.0.1:${port}`, SLUICE_LOG_LEVEL: "warn" };
    child = spawn(process.execPath, [path.join(root, "dist/main.js"), "serve"], { cwd: directory, env });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (said += String(chunk)));
    await vi.waitFor(
      async () => {
        if (child?.exitCode !== null) throw new Error(`the agent ended: ${said}`);
        if (!(await fetch(`${url}/readyz`)).ok) throw new Error(`the agent is not ready: ${said}`);
      },
      { timeout: 60_000, interval: 100 },
    );
  }

  async function kill(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }

  async function send(method: string, to: string, body: object, key?: string): Promise<unknown> {
    const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const answer = await fetch(url + to, {
      method,
      headers: { "content-type": "application/json", ...authorization },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${to}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  async function report(reports: readonly object[], key?: string): Promise<void> {
    for (let from = 0; from < reports.length; from += 5000) {
      const part = reports.slice(from, from + 5000);
      const { rejected } = (await send("POST", "/v1/reports", part, key)) as { rejected: object[] };
      if (rejected.length > 0) throw new Error(`rejected: ${JSON.stringify(rejected.slice(0, 3))}`);
    }
  }

  afterAll(async () => {
    await kill();
    rmSync(directory, { recursive: true, force: true });
  });
  await start();
  return { url, report, send, kill, start };
}
