import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isBuilt } from "../../scripts/lib/build-stamp.mjs";

const CONFIG = fileURLToPath(new URL("./sluice.yaml", import.meta.url));
const DEFAULT_PORT = 9877;
/** The very first start installs and builds. */
const PATIENCE_MS = 600_000;

/** The agent at SLUICE_URL, or the one at the default address, or one that is started here. */
export async function findOrStartAgent({ url, key, own_agent, dir, root, say }) {
  if (url !== undefined) {
    if ((await answer(url)) === "none")
      throw new Error(`No Sluice answers at ${url} (SLUICE_URL). Start one, or unset it.`);
    await ready(url, Date.now() + PATIENCE_MS);
    return { url, key, started: false, stop: async () => {} };
  }
  const usual = `http://127.0.0.1:${DEFAULT_PORT}`;
  if (!own_agent && (await answer(usual)) !== "none") {
    await ready(usual, Date.now() + PATIENCE_MS);
    return { url: usual, key, started: false, stop: async () => {} };
  }
  return startAgent({ dir, root, say });
}

/** `npm start` with a data directory of the demo's own. */
async function startAgent({ dir, root, say }) {
  const port = (await freePort(DEFAULT_PORT)) ?? (await freePort(0));
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(dir, "agent.log");
  mkdirSync(dir, { recursive: true });
  say(`no agent is running; starting one at ${url} …`);
  const log = openSync(logFile, "w");
  const program = isBuilt(root) ? "dist/main.js" : "scripts/sluice.mjs";
  const child = spawn(process.execPath, [join(root, program), "serve"], {
    cwd: dir,
    env: {
      ...plainEnvironment(),
      SLUICE_LISTEN: `127.0.0.1:${port}`,
      SLUICE_DATA_DIR: join(dir, "sluice-data"),
      SLUICE_CONFIG: CONFIG,
    },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`The agent ended (exit code ${code}). What it said:\n${readFileSync(logFile, "utf8").trim()}`);
  });
  ended.catch(() => {});
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await ended.catch(() => {});
  };
  try {
    await Promise.race([ready(url, Date.now() + PATIENCE_MS), ended]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, started: true, ended, stop };
}

/** The demo's agent keeps to itself: no database, keys or settings of another one. */
function plainEnvironment() {
  const foreign = /^(SLUICE_|DATABASE_URL|REDIS_URL)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** Whether Sluice is there: `ready`, `not ready`, or `none`. */
async function answer(url) {
  try {
    const { status } = await (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) })).json();
    return status === "ready" || status === "not ready" ? status : "none";
  } catch {
    return "none";
  }
}

async function ready(url, deadline) {
  while ((await answer(url)) !== "ready") {
    if (Date.now() > deadline) throw new Error(`Sluice at ${url} did not become ready; GET ${url}/readyz says why.`);
    await sleep(100);
  }
}

/** The port when it can be listened on, else null; 0 stands for any. */
function freePort(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}
