import type { Stats } from "node:fs";
import { chmod, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { type ClusterHandle, openCluster } from "./cluster-handle.ts";
import { type ClusterTools, createCluster } from "./create-cluster.ts";
import { fileErrorCode } from "./file-error.ts";
import { ownTree } from "./own-tree.ts";
import type { ServerUser } from "./server-user.ts";
import { StartupError } from "./startup-error.ts";

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
