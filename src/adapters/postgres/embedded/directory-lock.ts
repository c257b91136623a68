import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import path from "node:path";
import { fileErrorCode } from "./file-error.ts";
import { runProgram } from "./run-program.ts";
import { StartupError } from "./startup-error.ts";

// Both lock the open file description behind fd 3, which they share with us, without waiting, and leave: the lock stays until
// the last process that inherited the description is gone, however it goes. Exit status 1: another one holds it.
const LOCK_TOOLS: ReadonlyArray<readonly [string, string[]]> = [
  ["flock", ["-n", "-x", "3"]],
  ["perl", ["-e", 'open(my $lock, "+<&=", 3) or exit 2; exit(flock($lock, 6) ? 0 : 1)']],
];

/** Only the owner may open the file: whoever can open it can lock it, and so keep the agent from starting. */
export async function openLockFile(dataDir: string): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
  const file = await open(path.join(dataDir, "lock"), flags, 0o600);
  if (process.getuid?.() === 0) {
    // The owner of the directory may want to start the agent without root next time.
    const owner = await stat(dataDir);
    await file.chown(owner.uid, owner.gid);
  }
  return file;
}

/** Node has no flock(2), so one of the system's own tools takes the lock for us. */
export async function tryLock(fd: number): Promise<boolean> {
  for (const [tool, args] of LOCK_TOOLS) {
    try {
      const { code } = await runProgram(tool, args, {}, fd);
      if (code === 0) return true;
      if (code === 1) return false;
    } catch (error) {
      if (fileErrorCode(error) !== "ENOENT") throw error;
    }
  }
  throw new StartupError(
    "lock_tool_missing",
    "Neither flock nor perl could lock the data directory. Install flock (package util-linux), or set DATABASE_URL to a PostgreSQL server.",
  );
}
