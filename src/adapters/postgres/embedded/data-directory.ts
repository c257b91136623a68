import { open, readdir, rm, statfs } from "node:fs/promises";
import path from "node:path";
import { diskFull } from "./file-error.ts";
import { makeDirectory } from "./make-directory.ts";

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
