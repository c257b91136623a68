import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MILLISECONDS = 50;
const READY_WITHIN_MILLISECONDS = 60_000;
const END_WITHIN_MILLISECONDS = 15_000;
const LAST_WORDS = 2_000;

/**
 * A program in the foreground of this process, with all it says in `log`. It ends with this process, even when that is
 * killed. `identity`: arguments of setpriv, where it has to run as another user.
 */
export function startService({ name, command, args, log, cwd, env = process.env, identity = [], signal = "SIGTERM" }) {
  const output = openSync(log, "a", 0o600);
  const child = spawn("setpriv", [...identity, `--pdeathsig=${signal.slice(3)}`, command, ...args], {
    cwd,
    env,
    stdio: ["ignore", output, output],
    // Detached: Ctrl-C goes to the whole foreground group, and services have to end in order.
    detached: true,
  });
  closeSync(output);
  let running = true;
  const ended = new Promise((resolve) => {
    child.on("error", (error) => {
      running = false;
      resolve(`${command} cannot be started: ${error.message}`);
    });
    child.on("exit", (code, killer) => {
      running = false;
      resolve(`${name} ended (${killer ?? `exit code ${code}`}). The end of ${log}:\n${lastWords(log)}`);
    });
  });
  return {
    name,
    /** Resolves, and never rejects, with a description of its end. */
    ended,
    /** Resolves when `isReady` has said yes; throws when the program ends before, or takes too long. */
    async ready(isReady) {
      for (const deadline = Date.now() + READY_WITHIN_MILLISECONDS; Date.now() < deadline; ) {
        if (!running) throw new Error(await ended);
        if (
          await Promise.resolve()
            .then(isReady)
            .catch(() => false)
        )
          return;
        await sleep(POLL_MILLISECONDS);
      }
      throw new Error(`${name} was not ready in time. The end of ${log}:\n${lastWords(log)}`);
    },
    signal: (name) => child.kill(name),
    async stop() {
      if (!running) return;
      child.kill(signal);
      const late = setTimeout(() => child.kill("SIGKILL"), END_WITHIN_MILLISECONDS);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Whether the address answers with 2xx. */
export async function answers(url) {
  return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
}

function lastWords(log) {
  return readFileSync(log, "utf8").slice(-LAST_WORDS).trim();
}
