import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterHandle } from "./cluster-handle.ts";
import { clusterProcesses } from "./cluster-processes.ts";
import { readPostmasterId, removePostmasterFile } from "./postmaster-file.ts";
import { identify, isAlive, type ProcessIdentity } from "./process-identity.ts";
import type { ServerLog } from "./server-log.ts";
import type { ServerUser } from "./server-user.ts";

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
