import type { AgentMetrics } from "../adapters/metrics/agent/agent-metrics.ts";
import type { OnStop } from "../adapters/process/teardown.ts";
import { watchFile } from "../adapters/process/watch-file.ts";
import { type Config, isLoopback } from "../config.ts";
import type { Authenticator } from "../http/access/auth.ts";
import { unfailing } from "../ports/eager.ts";
import type { Log } from "../ports.ts";
import type { Gates } from "./gates.ts";

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

interface ReloadOptions {
  gates: Pick<Gates, "replacePolicies">;
  authenticator: Authenticator;
  config: Config;
  reloads: Reloads;
  log: Log;
  agent: Pick<AgentMetrics, "read">;
}

export interface Reload {
  /** Reads again from now on, when the process is asked to and when the file changes. */
  watch(onStop: OnStop): void;
}

/** Takes on changed policies and API keys while the agent runs, all or none: what is wrong is logged, and what held stays. */
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
  { gates, authenticator, config, reloads, log }: Omit<ReloadOptions, "agent">,
  onRead: (right: boolean) => void,
): Promise<void> {
  let next: Config;
  try {
    next = reloads.load();
    onRead(true);
  } catch (error) {
    onRead(false);
    log.error(
      { problems: (error as Error).message },
      "the changed configuration is wrong; the policies from before hold",
    );
    return;
  }
  const keysHold = replaceKeys(next, config, authenticator);
  try {
    await gates.replacePolicies(next.gate);
    log.info({}, "the gates' policies were read again");
  } catch (error) {
    log.error({ err: error }, "gates could not be decided by the changed policies yet; they will be");
  }
  const changed = (Object.keys(next) as (keyof Config)[]).filter(
    (key) => key !== "gate" && !(key === "api_keys" && keysHold) && differ(next[key], config[key]),
  );
  if (changed.length > 0) log.warn({ changed }, "these settings changed too; they hold from the next start");
}

/**
 * Whether the keys of `next` hold now. An agent that began on an address others can reach is never left without a key: `next` was
 * checked with its own `listen`, which holds from the next start only.
 */
function replaceKeys(next: Config, { listen }: Config, authenticator: Authenticator): boolean {
  if (next.api_keys.length === 0 && !isLoopback(listen.host)) return false;
  authenticator.replace(next.api_keys);
  return true;
}

function differ(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}
