import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Backoff, backoffDelay } from "../../../../domain/words/backoff.ts";
import { eager, unfailing } from "../../../../ports/eager.ts";
import { logServerLine, type ServerLog, withoutContent } from "../server-log.ts";
import { StartupError } from "../startup-error.ts";
import {
  type GuardedProcessOptions,
  isNotRunnable,
  notRunnable,
  settlesWithin,
  startGuarded,
  tailOutput,
} from "./guarded-process.ts";
import type { Watcher } from "./watcher.ts";

// Fixed by lc_messages=C. The server says it once for each start, also when it recovers by itself after a backend crashed.
const READY = "database system is ready to accept connections";
const STOP_STEPS: ReadonlyArray<readonly [NodeJS.Signals, number]> = [
  ["SIGINT", 10_000],
  ["SIGQUIT", 5_000],
  ["SIGKILL", 5_000],
];
// Orphaned children of a killed server may hold its stderr open for a while.
const OUTPUT_PATIENCE_MS = 50;

export interface ServerExit {
  pid: number;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last lines of the server's log. */
  output: string[];
}

interface RunningServer {
  pid: number;
  exited: Promise<ServerExit>;
  /** Fast shutdown: open transactions are rolled back, all data is written. Resolves when the server is gone. */
  stop(): Promise<void>;
}

/**
 * Resolves when the server accepts connections. Gives up after `patienceMs` without a word from it: recovery after a crash may take
 * longer than any limit, but the server reports its progress every 10 s. When `signal` aborts the start, the server is stopped first.
 */
export async function startServer(
  watcher: Watcher,
  command: GuardedProcessOptions,
  patienceMs: number,
  signal: AbortSignal,
  log: ServerLog,
): Promise<RunningServer> {
  const { child, identity } = await startGuarded(watcher, command);
  const { promise: outcome, resolve: decide } = deferred<"ready" | "exited" | "silent" | "aborted">();
  const silence = setTimeout(decide, patienceMs, "silent");
  let starting = true;
  const onAbort = () => decide("aborted");
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();

  const tail = tailOutput(child.stderr!, (line) => {
    if (line.includes(READY)) decide("ready");
    if (starting) silence.refresh();
    const kept = withoutContent(line);
    if (kept !== undefined) logServerLine(log, kept);
    return kept;
  });
  const exited = eager(
    once(child, "exit").then(async ([code, signalName]) => {
      await watcher.forget();
      await settlesWithin(tail.ended, OUTPUT_PATIENCE_MS);
      decide("exited");
      return { pid: identity.pid, code, signal: signalName, output: tail.lines() } as ServerExit;
    }),
  );
  const stop = async () => {
    for (const [name, patience] of STOP_STEPS) {
      child.kill(name);
      if (await settlesWithin(exited, patience)) return;
    }
  };

  const decided = await outcome;
  starting = false;
  signal.removeEventListener("abort", onAbort);
  clearTimeout(silence);
  if (decided === "ready") return { pid: identity.pid, exited, stop };
  await stop();
  if (decided === "aborted") throw signal.reason;
  throw decided === "silent" ? wentSilent(patienceMs, tail.lines()) : startFailed(command.program, await exited);
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function wentSilent(patienceMs: number, output: string[]): StartupError {
  return new StartupError(
    "server_start_timeout",
    `The embedded PostgreSQL does not accept connections, and has said nothing for ${patienceMs} ms. Is the disk of the data directory responding? It said last:\n${output.join("\n")}`,
  );
}

function startFailed(program: string, { code, signal, output }: ServerExit): StartupError {
  const said = output.join("\n");
  if (isNotRunnable(code)) return notRunnable(program, said);
  const end = signal === null ? `exit status ${code}` : `signal ${signal}`;
  return new StartupError("server_start_failed", `The embedded PostgreSQL did not start (${end}). It said:\n${said}`);
}

const RESTARTS: Backoff = { first: 100, most: 10_000 };
// A server that ran that long has nothing to do with the crashes before.
const STABLE_AFTER_MS = 60_000;

interface Supervisor {
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
        await sleep(backoffDelay(RESTARTS, failures), undefined, { signal: stopping.signal }).catch(() => undefined);
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
