import { lstat } from "node:fs/promises";
import path from "node:path";
import type { ServerLog } from "./server-log.ts";
import type { ServerUser } from "./server-user.ts";
import { remakeSocketDirectory, SOCKET } from "./socket-directory.ts";

const LOOK_EVERY_MS = 2_000;

export interface SocketKeeper {
  /** Makes the directory again where it is gone: before each start of the server. */
  prepare(): Promise<void>;
  /** Looks after the socket from now on. `restart` ends the server, which is started again then. */
  watch(restart: () => void): void;
  stop(): void;
}

/**
 * A cleaner of /tmp may take the socket and its directory from a server that runs. The sessions that are open go on, and no other
 * can be: only a start of the server makes the socket again.
 */
export function keepSocket(directory: string, user: ServerUser, log: ServerLog): SocketKeeper {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const isThere = () =>
    lstat(path.join(directory, SOCKET)).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== "ENOENT",
    );
  return {
    prepare: () => remakeSocketDirectory(directory, user),
    watch(restart) {
      const look = async () => {
        // Twice: a server that is starting has not made it yet.
        if (!(await isThere()) && !stopped) {
          await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
          if (!stopped && !(await isThere())) {
            log.warn({ directory }, "the socket of the embedded PostgreSQL was removed; starting the server again");
            restart();
          }
        }
        if (!stopped) timer = setTimeout(look, LOOK_EVERY_MS).unref();
      };
      timer = setTimeout(look, LOOK_EVERY_MS).unref();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
