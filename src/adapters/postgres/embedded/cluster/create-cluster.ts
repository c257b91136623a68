import { constants, existsSync, type Stats } from "node:fs";
import { chmod, lchown, mkdtemp, open, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { runGuarded } from "../server/guarded-process.ts";
import type { Programs } from "../server/programs.ts";
import { canReach, requireUserName, type ServerUser } from "../server/server-user.ts";
import type { Watcher } from "../server/watcher.ts";
import { fileErrorCode, StartupError } from "../startup-error.ts";
import { ownTree, removeDrafts, requireFreeSpace, syncDirectory } from "./data-directory.ts";

export const DATABASE = "sluice";
export const DATABASE_USER = "sluice";

// A fresh cluster takes 39 MB, and the first write-ahead segments 16 MB each.
const NEEDED_MB = 64;

interface ClusterTools {
  programs: Programs;
  user: ServerUser;
  watcher: Watcher;
  timeoutMs: number;
}

/** Complete and on disk under its final name, or not there at all: it is made under another name, synced, then renamed. */
async function createCluster(directory: string, tools: ClusterTools): Promise<void> {
  const parent = path.dirname(directory);
  const draftPrefix = `${path.basename(directory)}.new-`;
  await removeDrafts(parent, draftPrefix);
  await requireFreeSpace(parent, NEEDED_MB, "a new database");
  const draft = await mkdtemp(path.join(parent, draftPrefix));
  try {
    await initialize(draft, tools);
    await rename(draft, directory);
    await syncDirectory(parent);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function initialize(draft: string, { programs, user, watcher, timeoutMs }: ClusterTools): Promise<void> {
  if ("uid" in user.switchTo) await lchown(draft, user.switchTo.uid, user.switchTo.gid);
  else requireUserName();
  const cluster = await openCluster(draft, user);
  const run = (program: string, args: string[], input = "") =>
    runGuarded(watcher, { program, args, user, inheritedFd: cluster.fd, input }, timeoutMs);
  const at = ["-D", cluster.argument];
  try {
    // No sync yet: one pass at the end is enough, nobody uses the draft before.
    const identity = ["-U", DATABASE_USER, "--auth=trust", "--encoding=UTF8", "--locale=C"];
    await run(programs.initdb, [...at, ...identity, "--no-sync", "--no-instructions"]);
    // Renaming initdb's own database takes 15 ms, creating another one 60.
    const rename = `ALTER DATABASE postgres RENAME TO ${DATABASE}\n`;
    await run(programs.postgres, ["--single", ...at, "-c", "fsync=off", "template1"], rename);
    await run(programs.initdb, [...at, "--sync-only"]);
  } finally {
    await cluster.close();
  }
}

// PostgreSQL refuses a directory that its group can write, or others can enter.
const TOO_OPEN = 0o027;

/** Makes the cluster on the first start, and on every start makes sure that this server can open it. */
export async function prepareCluster(directory: string, major: string, tools: ClusterTools): Promise<ClusterHandle> {
  const found = await statIfThere(directory);
  if (found === undefined) await createCluster(directory, tools);
  else await checkCluster(directory, found, major, tools.user);
  return openCluster(directory, tools.user);
}

async function checkCluster(directory: string, found: Stats, major: string, user: ServerUser): Promise<void> {
  const version = await readVersion(directory);
  if (version !== major) {
    throw new StartupError(
      "data_dir_version_mismatch",
      `The database in ${directory} was made by PostgreSQL ${version}, and this agent brings PostgreSQL ${major}. Start the agent's former version and move the data with pg_dump, or set SLUICE_DATA_DIR to a new directory, or serve the old one with PostgreSQL ${version} and set DATABASE_URL.`,
    );
  }
  if ((found.mode & TOO_OPEN) !== 0) await chmod(directory, 0o700);
  // Restored or copied by root.
  if (found.uid === 0 && "uid" in user.switchTo) await ownTree(directory, user.switchTo.uid, user.switchTo.gid);
}

async function readVersion(directory: string): Promise<string> {
  try {
    return (await readFile(path.join(directory, "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if (fileErrorCode(error) !== "ENOENT") throw error;
    throw new StartupError(
      "data_dir_not_postgres",
      `${directory} is there, but holds no PostgreSQL database (no file PG_VERSION). Move it away, or set SLUICE_DATA_DIR to another directory.`,
      error,
    );
  }
}

async function statIfThere(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

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
async function openCluster(directory: string, user: ServerUser): Promise<ClusterHandle> {
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
