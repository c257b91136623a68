import { constants } from "node:fs";
import { chmod, copyFile, mkdir, open, readdir } from "node:fs/promises";
import path from "node:path";
import { syncDirectory } from "./data-directory.ts";

/** Copies files and directories (not links), readable by everybody whatever the umask is, and waits until all is on disk. */
export async function copyTree(source: string, target: string, isNeeded: (name: string) => boolean): Promise<void> {
  await mkdir(target);
  await chmod(target, 0o755);
  const entries = (await readdir(source, { withFileTypes: true })).filter((entry) => isNeeded(entry.name));
  await Promise.all(
    entries.map(async (entry) => {
      const from = path.join(source, entry.name);
      const to = path.join(target, entry.name);
      if (entry.isDirectory()) await copyTree(from, to, isNeeded);
      else if (entry.isFile()) await copyDurably(from, to);
    }),
  );
  await syncDirectory(target);
}

async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const file = await open(to, "r");
  try {
    const { mode } = await file.stat();
    await file.chmod((mode & 0o100) === 0 ? 0o644 : 0o755);
    await file.sync();
  } finally {
    await file.close();
  }
}
