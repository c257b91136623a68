import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { identify, type ProcessIdentity } from "./process-identity.ts";
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
