import { existsSync, readFileSync } from "node:fs";
import type { ClusterHandle } from "./cluster-handle.ts";
import { identify, type ProcessIdentity } from "./process-identity.ts";
import { runProgram } from "./run-program.ts";
import type { ServerUser } from "./server-user.ts";

// Every process of a server works in the cluster's directory. Asked as the server's user: in a container root may not look at the
// working directory of another user's process. Exit status 3: this shell cannot compare files.
const LIST_PROCESSES_IN = `
[ /proc/self/cwd -ef / ] || exit 3
for process in /proc/[0-9]*; do
  [ "$process/cwd" -ef "$1" ] && printf '%s\\n' "\${process#/proc/}"
done
exit 0
`;

/** The live postgres processes of this cluster, whatever postmaster.pid says. `undefined`: this system cannot tell. */
export async function clusterProcesses(
  cluster: ClusterHandle,
  user: ServerUser,
): Promise<ProcessIdentity[] | undefined> {
  if (!existsSync("/proc/self/cwd")) return undefined;
  const args = ["-c", LIST_PROCESSES_IN, "sh", cluster.argument];
  const { code, output } = await runProgram("/bin/sh", args, user.switchTo, cluster.fd);
  if (code !== 0) return undefined;
  return output
    .split("\n")
    .map(Number)
    .filter((pid) => pid > 0 && isPostgres(pid))
    .map(identify)
    .filter((found) => found !== undefined);
}

/** A person's shell may stand in the same directory. */
function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "postgres";
  } catch {
    return false;
  }
}
