import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { unfailing } from "../../../../ports/eager.ts";
import type { ProcessIdentity } from "../process-identity.ts";
import type { ServerLog } from "../server-log.ts";

const RESPAWN_DELAY_MS = 100;

/**
 * A small shell process that outlives the agent, however the agent dies, and then stops the watched process. It shares the lock on
 * the data directory, so that the directory stays locked until that process is down.
 */
export interface Watcher {
  /** One process at a time. Once this resolves the order has left the agent and survives it. */
  watch(target: ProcessIdentity): Promise<void>;
  forget(): Promise<void>;
  /** Resolves when the watcher, and with it its share of the lock, is gone. */
  close(): Promise<void>;
}

export async function startWatcher(lockFd: number, socketDirectory: string, log: ServerLog): Promise<Watcher> {
  let order = "-";
  let closing = false;
  let child: ChildProcess;
  let gone: Promise<unknown>;

  const send = () =>
    new Promise<void>((resolve) => {
      // A failed write means that the watcher is gone: the next one gets the order again.
      child.stdin?.write(`${order}\n`, () => resolve());
    });
  const start = async () => {
    // With the order from its first moment on: the agent may be killed before it has written to a new watcher.
    child = spawn("/bin/sh", ["-c", WATCHER_SCRIPT, "sluice-watcher", socketDirectory, order], {
      cwd: "/",
      // Its own session: Ctrl-C in the terminal is for the agent, who then stops the server in good order.
      detached: true,
      stdio: ["pipe", "ignore", "ignore", lockFd],
    });
    child.stdin?.on("error", () => undefined);
    gone = once(child, "exit").catch(() => undefined);
    await once(child, "spawn");
    void unfailing(gone.then(respawn));
  };
  const respawn = async () => {
    if (closing) return;
    log.warn({ watcher_pid: child.pid }, "the watcher of the embedded PostgreSQL is gone, starting another");
    await sleep(RESPAWN_DELAY_MS);
    if (closing) return;
    await start().catch((error: unknown) => {
      log.error({ err: error }, "the watcher of the embedded PostgreSQL does not start");
      return respawn();
    });
  };

  await start();
  return {
    async watch(target) {
      order = `${target.pid} ${target.started}`;
      await send();
    },
    async forget() {
      order = "-";
      await send();
    },
    async close() {
      closing = true;
      child.stdin?.end();
      await gone;
    },
  };
}

/**
 * Runs in any POSIX sh. Takes "<pid> <start time>" or "-" as $2 and then per line; only the last one counts. At the end of the
 * input the agent is gone: stop that process (fast, after 3 s immediately, after 3 s more by force) and remove the socket's
 * directory $1. The start time keeps it from hitting a process that got the same id later; a zombie counts as gone.
 */
const WATCHER_SCRIPT = `
trap '' HUP INT QUIT TERM
pid=\${2%% *} started=\${2#* }
while read -r next_pid next_started; do pid=$next_pid started=$next_started; done
is_alive() {
  if [ -e /proc/self/stat ]; then
    { read -r stat < "/proc/$pid/stat"; } 2>/dev/null || return 1
    set -- \${stat##*) }
    [ "$1" != Z ] && [ "$1" != X ] && [ "\${20}" = "$started" ]
  else
    [ "$(ps -o lstart= -p "$pid" | sed 's/ *$//')" = "$started" ]
  fi
}
stop_with() {
  is_alive || return 0
  kill -s "$1" "$pid" 2>/dev/null
  tries=60
  while is_alive; do
    [ "$tries" -gt 0 ] || return 1
    tries=$((tries - 1))
    sleep 0.05
  done
}
if [ "$pid" != - ]; then stop_with INT || stop_with QUIT || stop_with KILL; fi
rm -f -- "$1"/.s.PGSQL.*
rmdir -- "$1" 2>/dev/null
`;
