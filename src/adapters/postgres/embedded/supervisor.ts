import { setTimeout as sleep } from "node:timers/promises";
import { unfailing } from "../../../ports/eager.ts";
import type { ServerLog } from "./server-log.ts";
import type { RunningServer, ServerExit } from "./server-process.ts";

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;
// A server that ran that long has nothing to do with the crashes before.
const STABLE_AFTER_MS = 60_000;

export interface Supervisor {
  /** `undefined` while no server accepts connections. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/** Listeners must not throw. */
export interface SupervisorEvents {
  onServerExit?: ((exit: ServerExit) => void) | undefined;
  onServerReady?: ((pid: number) => void) | undefined;
}

/**
 * Keeps one server running until it is stopped. The first start fails to the caller; later a server that died by itself is started
 * again at once, and then ever more slowly while it keeps dying.
 */
export async function superviseServer(
  start: (signal: AbortSignal) => Promise<RunningServer>,
  events: SupervisorEvents,
  log: ServerLog,
): Promise<Supervisor> {
  const stopping = new AbortController();
  let running: RunningServer | undefined = await start(stopping.signal);
  let failures = 0;

  const startAgain = async (): Promise<RunningServer | undefined> => {
    while (!stopping.signal.aborted) {
      if (failures > 0) {
        const delay = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS);
        await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
      if (stopping.signal.aborted) break;
      failures += 1;
      try {
        return await start(stopping.signal);
      } catch (error) {
        if (!stopping.signal.aborted) log.error({ err: error }, "the embedded PostgreSQL does not start again yet");
      }
    }
    return undefined;
  };

  const keepRunning = async () => {
    while (running !== undefined) {
      const readySince = performance.now();
      const exit = await running.exited;
      running = undefined;
      if (stopping.signal.aborted) return;
      log.error({ ...exit }, "the embedded PostgreSQL died, starting it again");
      events.onServerExit?.(exit);
      if (performance.now() - readySince > STABLE_AFTER_MS) failures = 0;
      running = await startAgain();
      if (running === undefined) return;
      if (stopping.signal.aborted) return running.stop();
      log.info({ pid: running.pid }, "the embedded PostgreSQL is back");
      events.onServerReady?.(running.pid);
    }
  };
  const done = unfailing(keepRunning());

  return {
    get pid() {
      return running?.pid;
    },
    async stop() {
      stopping.abort();
      await running?.stop();
      await done;
    },
  };
}
