import { spawn } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../lib/free-port.mjs";
import { CONFIG } from "./config.mjs";

const READY_WITHIN_MS = 60_000;

/** The agent of a checkout on this database, with a webhook that takes its notices; `stop` twice is harmless. */
export async function startAgentOf(checkout, { work, database_url }) {
  const hook = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(204).end());
  });
  await new Promise((listening) => hook.listen(0, "127.0.0.1", listening));
  const config = join(work, "sluice.yaml");
  writeFileSync(config, CONFIG.replace("HOOK_PORT", String(hook.address().port)));
  const port = await freePort();
  const log = join(work, "agent.log");
  const child = spawn(process.execPath, [join(checkout, "dist/main.js"), "serve"], {
    cwd: work,
    env: {
      ...process.env,
      DATABASE_URL: database_url,
      SLUICE_LISTEN: `127.0.0.1:${port}`,
      SLUICE_DATA_DIR: join(work, "data"),
      SLUICE_CONFIG: config,
    },
    stdio: ["ignore", "ignore", openSync(log, "a")],
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    hook.close();
  };
  const until = Date.now() + READY_WITHIN_MS;
  while (
    !(await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`the agent did not become ready:\n${readFileSync(log, "utf8")}`);
    }
    await sleep(100);
  }
  return { url, stop, ask: (method, path, body) => ask(url, method, path, body) };
}

async function ask(url, method, path, body) {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await fetch(`${url}${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
}
