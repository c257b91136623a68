import { access, constants } from "node:fs/promises";
import { runProgram } from "./run-program.ts";
import type { ServerUser } from "./server-user.ts";

/** Whether that user may read and enter (or run) the path. Asked of the kernel as that user: modes alone miss ACLs and mounts. */
export async function canReach(user: ServerUser, path: string): Promise<boolean> {
  if ("uid" in user.switchTo) {
    const { code } = await runProgram("/bin/sh", ["-c", 'test -r "$1" && test -x "$1"', "sh", path], user.switchTo);
    return code === 0;
  }
  return access(path, constants.R_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
