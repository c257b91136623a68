import type { AgentMetrics } from "../adapters/metrics/agent/agent-metrics.ts";
import type { OnStop } from "../adapters/process/teardown.ts";
import { watchFile } from "../adapters/process/watch-file.ts";
import type { Config } from "../config.ts";
import { unfailing } from "../ports/eager.ts";
import type { Log } from "../ports.ts";
import type { ReplaceableSettings } from "./settings.ts";
import { refusedOf, type Taking } from "./taking.ts";

/** How the process tells that the configuration may be another one. */
export interface Reloads {
  /** Reads it again; throws what is wrong with it. */
  load(): Config;
  /** The file to look after; null: there is none. */
  file: string | null;
  /** Calls back when the process is asked to read it again; answers how to stop that. */
  onRequest(listener: () => void): () => void;
}

export const NO_RELOADS: Reloads = {
  load() {
    throw new Error("there is nothing to read again");
  },
  file: null,
  onRequest: () => () => {},
};

export interface ReloadOptions {
  settings: ReplaceableSettings;
  takings: readonly Taking[];
  reloads: Reloads;
  log: Log;
  agent: Pick<AgentMetrics, "read">;
}

export interface Reload {
  /** Reads again from now on, when the process is asked to and when the file changes. */
  watch(onStop: OnStop): void;
}

/** Takes on a changed configuration while the agent runs, all of it or nothing: what is wrong is logged, and what held stays. */
export function createReload({ agent, ...options }: ReloadOptions): Reload {
  const { reloads } = options;
  let right = true;
  agent.read({ config_right: () => right });
  const onRead = (isRight: boolean) => {
    right = isRight;
  };
  let reading = Promise.resolve();
  const again = () => {
    reading = unfailing(reading.then(() => reload(options, onRead)));
  };
  return {
    watch(onStop) {
      onStop("requests to reload", reloads.onRequest(again));
      if (reloads.file !== null) onStop("configuration file", watchFile(reloads.file, again));
    },
  };
}

async function reload(
  { settings, takings, reloads, log }: Omit<ReloadOptions, "agent">,
  onRead: (right: boolean) => void,
): Promise<void> {
  let next: Config;
  try {
    next = reloads.load();
    onRead(true);
  } catch (error) {
    onRead(false);
    log.error({ problems: (error as Error).message }, "the changed configuration is wrong; all that held before holds");
    return;
  }
  const { changed, need_restart, refused } = settings.replace(next, refusedOf(next, settings.now));
  for (const taking of takings) {
    if (taking.keys.some((key) => changed.includes(key))) await taking.apply(settings.now);
  }
  if (Object.keys(refused).length > 0)
    log.warn({ refused }, "these settings changed and are refused; the old ones hold");
  if (need_restart.length > 0) log.warn({ need_restart }, "these settings changed too; they hold from the next start");
  log.info({ changed }, "the configuration was read again");
}
