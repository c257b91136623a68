import { spawn } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];
const END_WITH_PARENT = new URL("./end-with-parent.mjs", import.meta.url).href;

/**
 * Exit codes that need no restart, because it would end the same: done (0), could not start (1), wrong configuration or use (2).
 * Any other end, also by a signal that this process did not send, is unasked.
 */
const FINAL = new Set([0, 1, 2]);
/** A copy of src/domain/words/backoff.ts: Node 20 runs this file and cannot import TypeScript. */
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** A run of at least this length resets the count of restarts. */
const STABLE_AFTER_MS = 60_000;
const MOST_STARTS = 10;

/**
 * Runs a Node program and restarts it after an unasked end: after a longer wait each time, and at most ten times in a row.
 * Signals are passed on to it, and it ends with this process, however that ends. Resolves to its last exit code (128 + signal).
 */
export async function supervise(program, args, { delay = FIRST_DELAY_MS } = {}) {
  let child;
  let asked = false;
  const forward = (signal) => {
    if (signal !== "SIGHUP") asked = true;
    child?.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    for (let starts = 1; ; starts++) {
      const since = performance.now();
      child = spawn(process.execPath, ["--import", END_WITH_PARENT, program, ...args], {
        stdio: ["inherit", "inherit", "inherit", "ipc"],
      });
      const { code, signal } = await ended(child);
      const said = signal === null ? `exit code ${code}` : signal;
      const last = code ?? 128 + constants.signals[signal];
      if (asked || FINAL.has(code)) return last;
      if (performance.now() - since > STABLE_AFTER_MS) starts = 0;
      if (starts >= MOST_STARTS) {
        process.stderr.write(`sluice: ended ${MOST_STARTS} times in a row (${said}); not started again\n`);
        return last;
      }
      const wait = Math.min(delay * 2 ** Math.max(0, starts - 1), LONGEST_DELAY_MS);
      process.stderr.write(`sluice: ended unexpectedly (${said}); starting again in ${wait / 1000} s\n`);
      for (let left = wait; left > 0 && !asked; left -= 100) await sleep(Math.min(left, 100));
      if (asked) return last;
    }
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}

function ended(child) {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
}
