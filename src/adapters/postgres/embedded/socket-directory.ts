import { chown, lstat, mkdir, mkdtemp, realpath, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { canReach } from "./reach.ts";
import type { ServerUser } from "./server-user.ts";
import { StartupError } from "./startup-error.ts";
import { isTrustedParent } from "./trusted-directory.ts";

/** Part of the socket's file name only: no TCP port is opened. */
export const SOCKET_PORT = 5432;

const PREFIX = "sluice-pg-";
export const SOCKET = `.s.PGSQL.${SOCKET_PORT}`;
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
export async function remakeSocketDirectory(directory: string, user: ServerUser): Promise<void> {
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
