import { lchown, mkdtemp, rename, rm } from "node:fs/promises";
import path from "node:path";
import { openCluster } from "./cluster-handle.ts";
import { removeDrafts, requireFreeSpace, syncDirectory } from "./data-directory.ts";
import type { Programs } from "./programs.ts";
import { runGuarded } from "./run-guarded.ts";
import { requireUserName, type ServerUser } from "./server-user.ts";
import type { Watcher } from "./watcher.ts";

export const DATABASE = "sluice";
export const DATABASE_USER = "sluice";

// A fresh cluster takes 39 MB, and the first write-ahead segments 16 MB each.
const NEEDED_MB = 64;

export interface ClusterTools {
  programs: Programs;
  user: ServerUser;
  watcher: Watcher;
  timeoutMs: number;
}

/** Complete and on disk under its final name, or not there at all: it is made under another name, synced, then renamed. */
export async function createCluster(directory: string, tools: ClusterTools): Promise<void> {
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
