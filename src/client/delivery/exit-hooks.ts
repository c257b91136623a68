export interface ExitHooks {
  /** The event loop has run dry: there is still time. */
  beforeExit(): void;
  /** Something was thrown that nobody caught; the process is about to end because of it. */
  crash(error: unknown): void;
  /** The process ends now: nothing asynchronous happens any more. */
  exit(code: number): void;
  /** The process will end by this signal as soon as the promise settles. */
  signal(signal: string): Promise<void>;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Several clients of a process, also of several copies of this code, know each other's listeners by this. */
const OURS = Symbol.for("@sluice/client signal listener");
type Listener = ((signal: NodeJS.Signals) => void) & { [OURS]?: true };

/**
 * Listens for the end of the process without changing it. A signal that nobody else listens for is raised again once
 * the hooks are done, or at once when it comes a second time, so that the process dies of it as it would have. Where
 * the pipeline has a listener of its own, that one decides, and nothing is done here.
 *
 * @returns how to stop listening
 */
export function listenForExit(process: NodeJS.Process, hooks: ExitHooks, signals: boolean): () => void {
  const listeners = (signal: NodeJS.Signals) => process.listeners(signal) as Listener[];
  let dying = false;
  const onSignal: Listener = (signal) => {
    // First in line, so that a listener meant for once is still there.
    if (listeners(signal).some((listener) => listener[OURS] !== true)) return;
    const die = () => {
      stop();
      // The last client to be done raises it.
      if (listeners(signal).length === 0) process.kill(process.pid, signal);
    };
    if (dying) {
      for (const listener of listeners(signal)) process.off(signal, listener);
      process.kill(process.pid, signal);
      return;
    }
    dying = true;
    void hooks.signal(signal).then(die, die);
  };
  onSignal[OURS] = true;
  const onBeforeExit = () => hooks.beforeExit();
  const onExit = (code: number) => hooks.exit(code);
  const onCrash = (error: unknown) => hooks.crash(error);
  // Only looks on: the error goes its way as if nobody had.
  process.on("uncaughtExceptionMonitor", onCrash);
  process.on("beforeExit", onBeforeExit);
  process.on("exit", onExit);
  if (signals) for (const signal of SIGNALS) process.prependListener(signal, onSignal);
  const stop = () => {
    process.off("uncaughtExceptionMonitor", onCrash);
    process.off("beforeExit", onBeforeExit);
    process.off("exit", onExit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  return stop;
}
