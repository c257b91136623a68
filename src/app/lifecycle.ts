import { createLog } from "../adapters/process/log.ts";
import { type OnStop, Teardown } from "../adapters/process/teardown.ts";
import type { Log } from "../ports.ts";
import { createFailure, type Failure } from "./failure.ts";

/** The agent's life from its making to its end: whether it takes reports, why it cannot go on, what it lets go of. */
export interface Lifecycle {
  readonly log: Log;
  readonly failure: Failure;
  /** Aborts when the agent is asked to stop, before anything is let go of: a start that waits gives up. */
  readonly signal: AbortSignal;
  /** Each part registers here how it ends; the last one that was made ends first. */
  readonly onStop: OnStop;
  /** Whether the store is open and the metrics are restored. */
  ready: boolean;
  setLogLevel(level: string): void;
  /** Twice is harmless. */
  stop(): Promise<void>;
}

export function createLifecycle(log_level: string): Lifecycle {
  const log = createLog(log_level);
  const stopping = new AbortController();
  const teardown = new Teardown(log);
  teardown.add("log", () => log.info({}, "stopped"));
  return {
    log,
    failure: createFailure(log),
    signal: stopping.signal,
    onStop: (name, run) => teardown.add(name, run),
    ready: false,
    setLogLevel(level) {
      log.level = level;
    },
    stop() {
      stopping.abort();
      return teardown.run();
    },
  };
}
