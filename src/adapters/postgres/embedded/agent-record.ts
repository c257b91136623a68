import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { identify, type ProcessIdentity } from "./process-identity.ts";

/** Who holds the data directory. Only information for the message to the next one: the lock is what decides. */
export interface AgentRecord {
  agent: ProcessIdentity;
  owner?: string | undefined;
  /** Outlives an agent that was killed together with its watcher; the next agent removes it. */
  socketDirectory?: string | undefined;
}

const fileOf = (dataDir: string) => path.join(dataDir, "agent.json");

export async function writeAgentRecord(dataDir: string, about: Omit<AgentRecord, "agent">): Promise<void> {
  const agent = identify(process.pid) ?? { pid: process.pid, started: "" };
  // A new name each time: root must not follow a link that the owner of the directory has put there.
  const draft = `${fileOf(dataDir)}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${JSON.stringify({ agent, ...about })}\n`, { flag: "wx", mode: 0o644 });
  await rename(draft, fileOf(dataDir));
}

export async function readAgentRecord(dataDir: string): Promise<AgentRecord | undefined> {
  try {
    const record: unknown = JSON.parse(await readFile(fileOf(dataDir), "utf8"));
    return isAgentRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

export async function removeAgentRecord(dataDir: string): Promise<void> {
  await rm(fileOf(dataDir), { force: true });
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
