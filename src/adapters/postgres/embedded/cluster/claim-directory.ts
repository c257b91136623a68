import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identify, isAlive, type ProcessIdentity } from "../process-identity.ts";
import { runProgram } from "../server/server-user.ts";
import { fileErrorCode, StartupError } from "../startup-error.ts";

// After a kill -9 the watcher keeps the lock until the old server is down: SIGINT, after 3 s SIGQUIT, after 6 s SIGKILL.
const WAIT_FOR_WATCHER_MS = 10_000;
const POLL_MS = 20;

interface DirectoryClaim {
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

// Both lock the open file description behind fd 3, which they share with us, without waiting, and leave: the lock stays until
// the last process that inherited the description is gone, however it goes. Exit status 1: another one holds it.
const LOCK_TOOLS: ReadonlyArray<readonly [string, string[]]> = [
  ["flock", ["-n", "-x", "3"]],
  ["perl", ["-e", 'open(my $lock, "+<&=", 3) or exit 2; exit(flock($lock, 6) ? 0 : 1)']],
];

/** Only the owner may open the file: whoever can open it can lock it, and so keep the agent from starting. */
async function openLockFile(dataDir: string): Promise<FileHandle> {
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
async function tryLock(fd: number): Promise<boolean> {
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

/** Who holds the data directory. Only information for the message to the next one: the lock is what decides. */
interface AgentRecord {
  agent: ProcessIdentity;
  owner?: string | undefined;
  /** Outlives an agent that was killed together with its watcher; the next agent removes it. */
  socketDirectory?: string | undefined;
}

const recordFileOf = (dataDir: string) => path.join(dataDir, "agent.json");

async function writeAgentRecord(dataDir: string, about: Omit<AgentRecord, "agent">): Promise<void> {
  const agent = identify(process.pid) ?? { pid: process.pid, started: "" };
  // A new name each time: root must not follow a link that the owner of the directory has put there.
  const draft = `${recordFileOf(dataDir)}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${JSON.stringify({ agent, ...about })}\n`, { flag: "wx", mode: 0o644 });
  await rename(draft, recordFileOf(dataDir));
}

export async function readAgentRecord(dataDir: string): Promise<AgentRecord | undefined> {
  try {
    const record: unknown = JSON.parse(await readFile(recordFileOf(dataDir), "utf8"));
    return isAgentRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

async function removeAgentRecord(dataDir: string): Promise<void> {
  await rm(recordFileOf(dataDir), { force: true });
}

function isAgentRecord(value: unknown): value is AgentRecord {
  if (typeof value !== "object" || value === null || !("agent" in value)) return false;
  const { agent } = value;
  if (typeof agent !== "object" || agent === null || !("pid" in agent) || !("started" in agent)) return false;
  const texts = [
    agent.started,
    "owner" in value ? value.owner : "",
    "socketDirectory" in value ? value.socketDirectory : "",
  ];
  return Number.isSafeInteger(agent.pid) && texts.every((text) => typeof text === "string");
}
