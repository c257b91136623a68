import type { Edge } from "./cli/edge.ts";

/** How long a stop may take, from the signal and the delay that is configured on. */
const STOP_WITHIN_MS = 10_000;
/** npm passes on a Ctrl-C that the terminal has sent to this process as well: the second within this time is the same one. */
const SAME_SIGNAL_MS = 300;

const edge: Edge = {
  env: process.env,
  directory: process.cwd(),
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  terminal: { out: process.stdout.isTTY, err: process.stderr.isTTY },
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  stopRequested,
  // A promise whose failure nobody handles raises it as well.
  onCrash: (listener) => void process.on("uncaughtException", listener),
  onReload(listener) {
    process.on("SIGHUP", listener);
    return () => process.off("SIGHUP", listener);
  },
};

function stopRequested(delay_ms: number): Promise<void> {
  const within_ms = delay_ms + STOP_WITHIN_MS;
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = (signal: NodeJS.Signals) => {
      const now = performance.now();
      if (first !== undefined && now - first < SAME_SIGNAL_MS) return;
      if (first !== undefined) {
        edge.err(`sluice: ${signal} again, ending at once`);
        process.exit(1);
      }
      first = now;
      setTimeout(() => {
        edge.err(`sluice: not stopped ${within_ms / 1000} s after ${signal}, ending`);
        process.exit(1);
      }, within_ms);
      resolve();
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
  });
}

// `sluice config schema | head`: who reads may have seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const { run } = await import("./cli/run.ts");
const code = await run(process.argv.slice(2), edge);
process.stdout.write("", () => process.exit(code));
