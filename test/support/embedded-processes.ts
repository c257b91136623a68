import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";

export interface FoundProcess {
  pid: number;
  name: string;
}

/** Processes, other than this one, that work in the directory or hold a file below it open. */
export function processesUsing(directory: string): FoundProcess[] {
  const real = realpathSync(directory);
  const isBelow = (file: string) => file === real || file.startsWith(`${real}/`);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({ pid: Number(pid), name: nameOf(pid), files: filesOf(pid) }))
    .filter(({ files }) => files.some(isBelow))
    .map(({ pid, name }) => ({ pid, name }));
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}

function filesOf(pid: string): string[] {
  try {
    const fds = readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
    return [`/proc/${pid}/cwd`, ...fds].map(linkOf);
  } catch {
    return [];
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}
