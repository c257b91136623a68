import path from "node:path";
import { type Config, configFileOf, filesOnDisk, reloading } from "../config.ts";
import { VERSION } from "../version.ts";
import type { Edge } from "./edge.ts";
import { loadForCommand } from "./load-for-command.ts";
import { readyText } from "./ready-text.ts";
import { explainStartError } from "./start-error.ts";

/** Runs the agent until it is asked to stop. */
export async function serve(edge: Edge): Promise<number> {
  const loaded = loadForCommand(edge);
  if (loaded === null) return 2;
  const stopRequested = edge.stopRequested();
  const { createApp } = await import("../app.ts");
  const reloads = {
    load: reloading(edge.env, filesOnDisk(edge.directory), loaded),
    // Also one that is not there yet.
    file: path.resolve(edge.directory, configFileOf(edge.env)),
    onRequest: (listener: () => void) => edge.onReload(listener),
  };
  return run(await createApp(loaded.config, reloads), loaded.config, stopRequested, edge);
}

interface App {
  start(): Promise<{ url: string }>;
  stop(): Promise<void>;
}

async function run(app: App, config: Config, stopRequested: Promise<void>, edge: Edge): Promise<number> {
  const stopped = stopRequested.then(() => "stopped" as const);
  const started = app.start().then(
    ({ url }) => ({ url }),
    (error: unknown) => ({ error }),
  );
  const first = await Promise.race([started, stopped]);
  if (first !== "stopped" && "error" in first) {
    edge.err(`sluice: ${explainStartError(first.error, config)}`);
    await app.stop().catch(() => {});
    return 1;
  }
  if (first !== "stopped") {
    edge.out(readyText({ url: first.url, version: VERSION, needs_key: config.api_keys.length > 0 }));
    await stopped;
  }
  await app.stop();
  return 0;
}
