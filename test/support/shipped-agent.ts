import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { build } from "../../scripts/lib/build.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** The agent as it is shipped, in a process of its own. */
export interface ShippedAgent {
  readonly url: string;
  /** All that it has written so far. */
  said(): string;
  /** The log lines that contain the text. */
  lines(text: string): Record<string, unknown>[];
  signal(signal: NodeJS.Signals): void;
  /** Ends it by SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
}

/** Builds the agent and starts it with this configuration file, on a free port; resolves when it has started. */
export async function startShippedAgent(options: {
  config: string;
  database_url: string;
  directory: string;
}): Promise<ShippedAgent> {
  await build(ROOT);
  const child = spawn(process.execPath, [path.join(ROOT, "dist/main.js"), "serve"], {
    env: {
      PATH: process.env.PATH,
      SLUICE_CONFIG: options.config,
      SLUICE_LISTEN: "127.0.0.1:0",
      DATABASE_URL: options.database_url,
      SLUICE_DATA_DIR: path.join(options.directory, "data"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  let said = "";
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const lines = (text: string) =>
    said
      .split("\n")
      .filter((line) => line.includes(text))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  try {
    await expect.poll(() => said, { timeout: 60_000 }).toContain('"msg":"started"');
  } catch (error) {
    await stop();
    throw error;
  }
  const { url } = lines('"msg":"started"')[0] as { url: string };
  return { url, said: () => said, lines, signal: (signal) => void child.kill(signal), stop };
}
