import { lchown, readdir } from "node:fs/promises";
import path from "node:path";

/** The top comes last: if this is cut short, the next start sees the old owner there and does it again. */
export async function ownTree(directory: string, uid: number, gid: number): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const child = path.join(directory, entry.name);
    if (entry.isDirectory()) await ownTree(child, uid, gid);
    else await lchown(child, uid, gid);
  }
  await lchown(directory, uid, gid);
}
