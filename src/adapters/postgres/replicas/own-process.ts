import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { identify, isAlive } from "../embedded/process-identity.ts";

/** A process as others on the same database see it. */
export interface OwnProcess {
  host: string;
  pid: number;
  /** Machine, container and start beside the number; null where the system does not say. */
  process: string | null;
}

export function ownProcess(): OwnProcess {
  const pid = process.pid;
  const place = placeOf();
  const started = identify(pid)?.started;
  return {
    host: hostname(),
    pid,
    process: place === null || started === undefined ? null : `${place} ${pid} ${started}`,
  };
}

/** Whether that process ran here, where its end can be seen, and has ended. */
export function hasEnded(known: OwnProcess["process"]): boolean {
  const place = placeOf();
  if (known === null || place === null || !known.startsWith(`${place} `)) return false;
  const [pid = "", started = ""] = known.slice(place.length + 1).split(" ");
  return !isAlive({ pid: Number(pid), started });
}

/** This boot of this machine and the process numbers seen from here; null: not Linux. */
function placeOf(): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return null;
  }
}
