import { setTimeout as sleep } from "node:timers/promises";
import { type AgentRecord, readAgentRecord, removeAgentRecord, writeAgentRecord } from "./agent-record.ts";
import { openLockFile, tryLock } from "./directory-lock.ts";
import { isAlive } from "./process-identity.ts";
import { StartupError } from "./startup-error.ts";

// After a kill -9 the watcher keeps the lock until the old server is down: SIGINT, after 3 s SIGQUIT, after 6 s SIGKILL.
const WAIT_FOR_WATCHER_MS = 10_000;
const POLL_MS = 20;

export interface DirectoryClaim {
  /** Whoever inherits it shares the lock. */
  lockFd: number;
  /** Of an agent that could not remove it. */
  formerSocketDirectory: string | undefined;
  /** To be known by the next agent if this one is killed. */
  noteSocketDirectory(socketDirectory: string): Promise<void>;
  release(): Promise<void>;
}

/** One agent per data directory. Refuses at once while the recorded agent lives, waits while only its watcher is tidying up. */
export async function claimDirectory(dataDir: string, owner: string | undefined): Promise<DirectoryClaim> {
  const lock = await openLockFile(dataDir);
  let former: AgentRecord | undefined;
  try {
    const deadline = performance.now() + WAIT_FOR_WATCHER_MS;
    while (!(await tryLock(lock.fd))) {
      const holder = await readAgentRecord(dataDir);
      if ((holder && isAlive(holder.agent)) || performance.now() > deadline) throw inUse(dataDir, holder);
      await sleep(POLL_MS);
    }
    former = await readAgentRecord(dataDir);
    await writeAgentRecord(dataDir, { owner, socketDirectory: former?.socketDirectory });
  } catch (error) {
    await lock.close();
    throw error;
  }
  return {
    lockFd: lock.fd,
    formerSocketDirectory: former?.socketDirectory,
    noteSocketDirectory: (socketDirectory) => writeAgentRecord(dataDir, { owner, socketDirectory }),
    async release() {
      await removeAgentRecord(dataDir);
      await lock.close();
    },
  };
}

function inUse(dataDir: string, holder: AgentRecord | undefined): StartupError {
  const holderName =
    holder && isAlive(holder.agent)
      ? `the agent with process id ${holder.agent.pid}${holder.owner ? ` (${holder.owner})` : ""}`
      : "another process (an agent in another container, or one that does not finish stopping)";
  return new StartupError(
    "data_dir_in_use",
    `The data directory ${dataDir} is in use by ${holderName}. Stop that agent, or give this one another directory with SLUICE_DATA_DIR.`,
  );
}
