import { constants, existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { canReach } from "./reach.ts";
import type { ServerUser } from "./server-user.ts";
import { StartupError } from "./startup-error.ts";

// PostgreSQL's MAXPGPATH is 1024, file names inside included, and postmaster.pid holds the path as one line.
const LONGEST_PATH = 900;
const LINE_BREAK = /[\r\n]/;

/** How the server's user names the cluster's directory. */
export interface ClusterHandle {
  /** What follows `-D`. */
  argument: string;
  /** To be inherited as fd 3. */
  fd: number | undefined;
  close(): Promise<void>;
}

/**
 * The path itself where the server's user can walk it. Else (a checkout below /root) we open the directory and the server inherits
 * it: following /proc/self/fd/3 asks for no permission on the parents, each process of the server has the fd, and postgres works
 * with paths relative to the directory after its start.
 */
export async function openCluster(directory: string, user: ServerUser): Promise<ClusterHandle> {
  const plain = Buffer.byteLength(directory) <= LONGEST_PATH && !LINE_BREAK.test(directory);
  if (plain && (await canReach(user, directory))) {
    return { argument: directory, fd: undefined, close: async () => undefined };
  }
  if (!existsSync("/proc/self/fd")) {
    throw new StartupError(
      "data_dir_unreachable",
      `User id ${user.uid}, who runs the embedded PostgreSQL, cannot enter ${directory}. Set SLUICE_DATA_DIR to a directory whose parents others may enter.`,
    );
  }
  const handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  return { argument: "/proc/self/fd/3", fd: handle.fd, close: () => handle.close() };
}
