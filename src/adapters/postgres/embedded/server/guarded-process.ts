import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { eager } from "../../../../ports/eager.ts";
import { identify, type ProcessIdentity } from "../process-identity.ts";
import { StartupError } from "../startup-error.ts";
import type { ServerUser } from "./server-user.ts";
import type { Watcher } from "./watcher.ts";

export interface GuardedProcessOptions {
  program: string;
  args: string[];
  user: ServerUser;
  /** Given to the program as fd 3. */
  inheritedFd: number | undefined;
  /** The program's standard input, after which it sees the end of the file. */
  input?: string;
}

export interface GuardedProcess {
  child: ChildProcess;
  identity: ProcessIdentity;
}

/**
 * Starts a program that never runs without its watcher: the shell waits for a word before it becomes the program, and the word is
 * given after the watcher knows the process. If the agent is killed in between, the shell reads the end of the file and leaves.
 */
export async function startGuarded(watcher: Watcher, options: GuardedProcessOptions): Promise<GuardedProcess> {
  const child = spawn("/bin/sh", ["-c", 'read -r go && exec "$0" "$@"', options.program, ...options.args], {
    ...options.user.switchTo,
    cwd: "/",
    // A clean environment: PGDATA, PGPORT, LD_LIBRARY_PATH and the like would change what the programs do.
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    // Its own session: Ctrl-C in the terminal must not stop the server under the agent's last commits.
    detached: true,
    stdio: ["pipe", "ignore", "pipe", options.inheritedFd ?? "ignore"],
  });
  child.stdin?.on("error", () => undefined);
  await once(child, "spawn");
  const identity = identify(child.pid ?? 0);
  if (identity === undefined) throw new Error(`${options.program} ended before it was started`);
  await watcher.watch(identity);
  child.stdin?.end(`go\n${options.input ?? ""}`);
  return { child, identity };
}

/** Runs one step of creating a cluster to its end; it too dies with the agent. */
export async function runGuarded(watcher: Watcher, options: GuardedProcessOptions, timeoutMs: number): Promise<void> {
  const { child } = await startGuarded(watcher, options);
  const tail = tailOutput(child.stderr!);
  const closed = eager(once(child, "close"));
  const inTime = await settlesWithin(closed, timeoutMs);
  if (!inTime) child.kill("SIGKILL");
  const [code] = (await closed) as [number | null];
  await watcher.forget();
  if (code === 0) return;

  const step = path.basename(options.program);
  const output = tail.lines().join("\n");
  if (isNotRunnable(code)) throw notRunnable(options.program, output);
  const problem = inTime ? `failed (exit status ${code})` : `did not finish within ${timeoutMs} ms`;
  throw new StartupError("initdb_failed", `Creating the database failed: ${step} ${problem}:\n${output}`);
}

/** The shell's own answers: found but not runnable, or not found (also the loader's, when a library is missing). */
export function isNotRunnable(code: number | null): boolean {
  return code === 126 || code === 127;
}

export function notRunnable(program: string, output: string): StartupError {
  return new StartupError(
    "embedded_postgres_unavailable",
    `The embedded PostgreSQL does not run on this system (${program}). It needs glibc and libstdc++, and a disk mounted without noexec. Set DATABASE_URL to a PostgreSQL server instead. It said:\n${output}`,
  );
}

const KEPT_LINES = 20;

interface OutputTail {
  /** The last lines, oldest first. */
  lines(): string[];
  ended: Promise<void>;
}

/** `edit` may change a line before it is kept, or drop it. */
export function tailOutput(output: Readable, edit: (line: string) => string | undefined = (line) => line): OutputTail {
  const kept: string[] = [];
  const reader = createInterface({ input: output });
  reader.on("line", (line) => {
    const edited = edit(line);
    if (edited === undefined) return;
    kept.push(edited);
    if (kept.length > KEPT_LINES) kept.shift();
  });
  const ended = new Promise<void>((resolve) => reader.once("close", resolve));
  return { lines: () => [...kept], ended };
}

/** Whether the promise settles within that many milliseconds. It goes on either way. */
export async function settlesWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}
