import { chown, lstat, mkdir, mkdtemp, realpath, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isTrustedParent } from "../cluster/data-directory.ts";
import type { ServerLog } from "../server-log.ts";
import { StartupError } from "../startup-error.ts";
import { canReach, type ServerUser } from "./server-user.ts";

/** Part of the socket's file name only: no TCP port is opened. */
export const SOCKET_PORT = 5432;

const PREFIX = "sluice-pg-";
const SOCKET = `.s.PGSQL.${SOCKET_PORT}`;
// sockaddr_un holds 108 bytes on Linux, 104 on macOS, with the zero at the end.
const LONGEST_SOCKET_PATH = 103;

/** A fresh directory that only the server's user (and root) can enter: it is what makes `trust` authentication safe. */
export async function createSocketDirectory(user: ServerUser): Promise<string> {
  const tried = new Set([tmpdir(), "/tmp", "/var/tmp"]);
  for (const parent of tried) {
    const longest = path.join(parent, `${PREFIX}XXXXXX`, SOCKET);
    if (Buffer.byteLength(longest) > LONGEST_SOCKET_PATH) continue;
    const directory = await makePrivate(parent, user).catch(() => undefined);
    if (directory !== undefined) return directory;
  }
  throw new StartupError(
    "socket_directory_unavailable",
    `No private directory for the database's socket could be made in ${[...tried].join(", ")}. Set TMPDIR to a short path that user id ${user.uid} may enter and that others cannot tamper with.`,
  );
}

/** Makes a directory of ours that is gone under its name again. What somebody else has put in its place is not used. */
async function remakeSocketDirectory(directory: string, user: ServerUser): Promise<void> {
  const made = await mkdir(directory, { mode: 0o700 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
  if (made ? await handOver(directory, user) : await isPrivate(directory, user)) return;
  throw new StartupError(
    "socket_directory_unavailable",
    `${directory}, the directory of the database's socket, is not its user's alone any more. Start the agent again: it makes another.`,
  );
}

/** Removes the files by name, never recursively: after a kill the path comes from a file in the data directory. */
export async function removeSocketDirectory(directory: string): Promise<void> {
  if (!path.basename(directory).startsWith(PREFIX)) return;
  await rm(path.join(directory, SOCKET), { force: true }).catch(() => undefined);
  await rm(path.join(directory, `${SOCKET}.lock`), { force: true }).catch(() => undefined);
  await rmdir(directory).catch(() => undefined);
}

async function makePrivate(parent: string, user: ServerUser): Promise<string | undefined> {
  if (!(await isTrustedParent(await realpath(parent))) || !(await canReach(user, parent))) return undefined;
  const directory = await mkdtemp(path.join(parent, PREFIX));
  if (await handOver(directory, user)) return directory;
  await rmdir(directory);
  return undefined;
}

/** Whether it is a directory that only the server's user can enter, once it is theirs. */
async function handOver(directory: string, user: ServerUser): Promise<boolean> {
  if ("uid" in user.switchTo) await chown(directory, user.switchTo.uid, user.switchTo.gid);
  return isPrivate(directory, user);
}

async function isPrivate(directory: string, user: ServerUser): Promise<boolean> {
  const made = await lstat(directory);
  return made.isDirectory() && made.uid === user.uid && (made.mode & 0o777) === 0o700;
}

const LOOK_EVERY_MS = 2_000;

interface SocketKeeper {
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
