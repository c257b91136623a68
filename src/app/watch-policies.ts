import type { OnStop } from "../adapters/process/teardown.ts";
import { watchFile } from "../adapters/process/watch-file.ts";
import type { Config } from "../config.ts";
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

interface Watching {
  gates: Gates;
  config: Config;
  reloads: Reloads;
  log: Log;
  onStop: OnStop;
  /** Told each time whether what was read is right. */
  onRead: (right: boolean) => void;
}

/** Takes on changed policies while the agent runs, all of them or none: what is wrong is logged, and the old ones stay. */
export function watchPolicies({ gates, config, reloads, log, onStop, onRead }: Watching): void {
  let reading = Promise.resolve();
  const again = () => {
    reading = unfailing(reading.then(() => reload({ gates, config, reloads, log, onRead })));
  };
  onStop("policy requests", reloads.onRequest(again));
  if (reloads.file !== null) onStop("policy file", watchFile(reloads.file, again));
}

async function reload({ gates, config, reloads, log, onRead }: Omit<Watching, "onStop">): Promise<void> {
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
  try {
    await gates.replacePolicies(next.gate);
    log.info({}, "the gates' policies were read again");
  } catch (error) {
    log.error({ err: error }, "gates could not be decided by the changed policies yet; they will be");
  }
  const changed = (Object.keys(next) as (keyof Config)[]).filter(
    (key) => key !== "gate" && differ(next[key], config[key]),
  );
  if (changed.length > 0) log.warn({ changed }, "these settings changed too; they hold from the next start");
}

function differ(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}
