import path from "node:path";
import { type Config, configFileOf, filesOnDisk, reloading } from "../../config.ts";
import { VERSION } from "../../version.ts";
import type { Edge } from "../edge.ts";
import { loadForCommand } from "./load-for-command.ts";
import { readyText } from "./ready-text.ts";
import { explainStartError } from "./start-error.ts";

/** The agent could not go on: whoever looks after the process is to start it again. Not so 1 (could not start) and 2 (configuration). */
export const START_AGAIN = 70;
/** How long an agent that cannot go on may take to finish what it took. */
const DRAIN_MS = 10_000;

/** Runs the agent until it is asked to stop, or cannot go on. */
export async function serve(edge: Edge): Promise<number> {
  const loaded = loadForCommand(edge);
  if (loaded === null) return 2;
  const stop = new Promise<Ending>((resolve) => {
    edge.stopRequested(loaded.config.shutdown_delay).then(
      () => resolve({ why: "asked" }),
      (error) => resolve({ why: "failed", reason: String(error) }),
    );
  });
  const { createApp } = await import("../../app/app.ts");
  const reloads = {
    load: reloading(edge.env, filesOnDisk(edge.directory), loaded),
    // Also one that is not there yet.
    file: path.resolve(edge.directory, configFileOf(edge.env)),
    onRequest: (listener: () => void) => edge.onReload(listener),
  };
  return run(await createApp(loaded.config, reloads), loaded.config, stop, edge);
}

interface App {
  start(): Promise<{ url: string }>;
  leave(): boolean;
  stop(): Promise<void>;
  failed: Promise<string>;
  crash(error: unknown): void;
}

type Ending = { why: "asked" } | { why: "failed"; reason: string } | { why: "not started"; error: unknown };

async function run(app: App, config: Config, stop: Promise<Ending>, edge: Edge): Promise<number> {
  edge.onCrash((error) => app.crash(error));
  const ending = await Promise.race([stop, failing(app), starting(app, config, edge)]);
  switch (ending.why) {
    case "asked":
      await leaveFirst(app, config.shutdown_delay, edge);
      await app.stop();
      return 0;
    case "not started":
      edge.err(`sluice: ${explainStartError(ending.error, config)}`);
      await app.stop().catch(() => {});
      return 1;
    case "failed":
      edge.err(`sluice: ${ending.reason}`);
      await Promise.race([app.stop().catch(() => {}), edge.sleep(DRAIN_MS)]);
      return START_AGAIN;
  }
}

/** Whoever sends it work sees in /readyz that it is to send elsewhere, and has this long to see it. */
async function leaveFirst(app: App, delay_ms: number, edge: Edge): Promise<void> {
  if (delay_ms === 0 || !app.leave()) return;
  await Promise.race([edge.sleep(delay_ms), app.failed]);
}

async function failing(app: App): Promise<Ending> {
  return { why: "failed", reason: await app.failed };
}

/** Resolves only where the agent does not start. */
async function starting(app: App, config: Config, edge: Edge): Promise<Ending> {
  try {
    const { url } = await app.start();
    edge.out(readyText({ url, version: VERSION, needs_key: config.api_keys.length > 0 }));
  } catch (error) {
    return { why: "not started", error };
  }
  return new Promise(() => {});
}
