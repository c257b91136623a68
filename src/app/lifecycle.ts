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
  /** Whether it is about to stop: it still answers, and wants no more to be sent to it. */
  readonly leaving: boolean;
  setLogLevel(level: string): void;
  /** Says so in its readiness, and lets go of nothing. Answers whether it takes reports, so that others have to see it. */
  leave(): boolean;
  /** Twice is harmless. */
  stop(): Promise<void>;
}

export function createLifecycle(log_level: string): Lifecycle {
  const log = createLog(log_level);
  const stopping = new AbortController();
  const teardown = new Teardown(log);
  let leaving = false;
  teardown.add("log", () => log.info({}, "stopped"));
  return {
    log,
    failure: createFailure(log),
    signal: stopping.signal,
    onStop: (name, run) => teardown.add(name, run),
    ready: false,
    get leaving() {
      return leaving;
    },
    setLogLevel(level) {
      log.level = level;
    },
    leave() {
      leaving = true;
      return this.ready;
    },
    stop() {
      leaving = true;
      stopping.abort();
      return teardown.run();
    },
  };
}
