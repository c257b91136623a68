import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identify, isAlive, type ProcessIdentity } from "../process-identity.ts";
import { runProgram, type ServerUser } from "../server/server-user.ts";
import type { ServerLog } from "../server-log.ts";
import { fileErrorCode } from "../startup-error.ts";
import type { ClusterHandle } from "./create-cluster.ts";

const POLL_MS = 10;
const PATIENCE_MS = 3_000;

/**
 * After an unclean end: stops a server that its agent and watcher left behind, or waits for the last processes of a killed one
 * (their shared memory would keep a new server from starting). Only for the holder of the directory's lock.
 */
export async function clearLeftOver(
  directory: string,
  cluster: ClusterHandle,
  user: ServerUser,
  log: ServerLog,
): Promise<void> {
  const postmaster = await readPostmasterId(directory);
  if (postmaster === undefined) return;
  const known = await clusterProcesses(cluster, user);
  const processes = known ?? postmasterAccordingToPs(postmaster);
  if (processes.length > 0) await stopAll(processes, postmaster, log);
  // Its process id may belong to a stranger by now (in a container, always the same few ids), and postgres would refuse to start.
  if (known !== undefined) await removePostmasterFile(directory);
}

async function stopAll(processes: ProcessIdentity[], postmaster: number, log: ServerLog): Promise<void> {
  const found = processes.map(({ pid }) => pid);
  log.warn({ pids: found, postmaster }, "stopping what was left of an embedded PostgreSQL whose agent was killed");
  // Only the postmaster knows a fast shutdown; without it its children leave by themselves.
  signalAll(
    processes.filter(({ pid }) => pid === postmaster),
    "SIGINT",
  );
  if (await allGone(processes)) return;
  signalAll(processes, "SIGQUIT");
  if (await allGone(processes)) return;
  signalAll(processes, "SIGKILL");
  await allGone(processes);
}

function signalAll(processes: ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const target of processes) {
    if (!isAlive(target)) continue;
    try {
      process.kill(target.pid, signal);
    } catch {
      // Gone in between.
    }
  }
}

async function allGone(processes: ProcessIdentity[]): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  while (processes.some(isAlive)) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Without /proc: the process of that id, if it is a postgres at all. */
function postmasterAccordingToPs(pid: number): ProcessIdentity[] {
  try {
    const command = execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8", stdio: "pipe" });
    const found = command.includes("postgres") ? identify(pid) : undefined;
    return found ? [found] : [];
  } catch {
    return [];
  }
}

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
async function clusterProcesses(cluster: ClusterHandle, user: ServerUser): Promise<ProcessIdentity[] | undefined> {
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

const postmasterFileOf = (cluster: string) => path.join(cluster, "postmaster.pid");

/** The first line of postmaster.pid. The server removes the file when it stops in good order: `undefined`. */
async function readPostmasterId(cluster: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(postmasterFileOf(cluster), "utf8"), 10);
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function removePostmasterFile(cluster: string): Promise<void> {
  await rm(postmasterFileOf(cluster), { force: true });
}
