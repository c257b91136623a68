import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** A process id alone is reused; with the kernel's start time it is not. */
export interface ProcessIdentity {
  pid: number;
  /** Linux: field 22 of /proc/<pid>/stat, clock ticks since boot. Elsewhere: `ps -o lstart`. */
  started: string;
}

/** `undefined`: no such process, or a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = existsSync("/proc/self/stat") ? startedFromProc(pid) : startedFromPs(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

function startedFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in field 2 may itself hold spaces and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startedFromPs(pid: number): string | undefined {
  try {
    const started = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
    return started === "" ? undefined : started;
  } catch {
    return undefined;
  }
}
