import { existsSync, type Stats } from "node:fs";
import { chmod, lchown, lstat, mkdir, open, readdir, rm, statfs } from "node:fs/promises";
import path from "node:path";
import { diskFull } from "../startup-error.ts";

const MEGABYTE = 1024 * 1024;

/**
 * Makes the directory, and makes its name durable. Root leaves it passable for the user that runs the server, who owns only the
 * part below.
 */
export async function createDataDirectory(dataDir: string): Promise<void> {
  const firstMade = await makeDirectory(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
  if (firstMade === undefined) {
    // A file in its place would only be found out later, and named worse.
    await readdir(dataDir);
    return;
  }
  for (let directory = dataDir; directory.length >= firstMade.length; directory = path.dirname(directory)) {
    await syncDirectory(path.dirname(directory));
  }
}

/** A name made in a directory outlives a power cut only after this. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The programs say "no space" in words only, so it is looked up. */
export async function freeMegabytes(dataDir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dataDir);
  return Math.floor((bavail * bsize) / MEGABYTE);
}

export async function requireFreeSpace(dataDir: string, megabytes: number, purpose: string): Promise<void> {
  const free = await freeMegabytes(dataDir);
  if (free < megabytes) throw diskFull(dataDir, `(${free} MB free, ${purpose} needs ${megabytes} MB)`);
}

/** Only for the holder of the lock: nobody else's drafts can be there. */
export async function removeDrafts(dataDir: string, prefix: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    // Retries: an initdb whose agent was killed may still be writing for some milliseconds.
    if (name.startsWith(prefix)) {
      await rm(path.join(dataDir, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
    }
  }
}

/**
 * Makes the directory and those above it; answers the first that was missing. One by one: mkdir with `recursive` never
 * returns where the system answers ENOENT for a directory whose parent is there, as it does below /proc.
 */
async function makeDirectory(directory: string, mode: number): Promise<string | undefined> {
  const missing: string[] = [];
  for (let at = path.resolve(directory); !existsSync(at); at = path.dirname(at)) missing.unshift(at);
  for (const one of missing) {
    try {
      await mkdir(one, { mode });
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  return missing[0];
}

/** The top comes last: if this is cut short, the next start sees the old owner there and does it again. */
export async function ownTree(directory: string, uid: number, gid: number): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const child = path.join(directory, entry.name);
    if (entry.isDirectory()) await ownTree(child, uid, gid);
    else await lchown(child, uid, gid);
  }
  await lchown(directory, uid, gid);
}

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** Makes the directory if need be (whatever the umask is, others may read it), and tells whether it can be trusted. */
export async function makeTrustedDirectory(directory: string): Promise<boolean> {
  try {
    if (await mkdir(directory, { recursive: true })) await chmod(directory, 0o755);
    return await isTrustedDirectory(directory);
  } catch {
    return false;
  }
}

/** Whether nobody but root and ourselves can change what lies in it, or put something else in its place. */
async function isTrustedDirectory(directory: string): Promise<boolean> {
  return isOurs(await lstat(directory), false) && (await isTrustedParent(path.dirname(directory)));
}

/** Like a trusted directory, or one such as /tmp: others may add names, but the sticky bit keeps them from replacing ours. */
export async function isTrustedParent(directory: string): Promise<boolean> {
  if (!isOurs(await lstat(directory), true)) return false;
  const parent = path.dirname(directory);
  return parent === directory || isTrustedParent(parent);
}

function isOurs(found: Stats, stickyAllowed: boolean): boolean {
  if (!found.isDirectory()) return false;
  if (found.uid !== 0 && found.uid !== process.getuid?.()) return false;
  return (found.mode & WRITABLE_BY_OTHERS) === 0 || (stickyAllowed && (found.mode & STICKY) !== 0);
}
