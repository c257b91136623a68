import type { Stats } from "node:fs";
import { chmod, lstat, mkdir } from "node:fs/promises";
import path from "node:path";

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
