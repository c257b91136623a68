import { readdirSync, readFileSync } from "node:fs";

/** USER_HZ, the same on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

interface ProcessTimes {
  parent: number;
  /** Of all its threads. */
  own: number;
  /** Of its children that have ended and that it has waited for, and of theirs. */
  reaped: number;
}

/** What one process has had of the processors since it started, whatever else ran beside; its children left out. */
export function processorSeconds(pid: number): number {
  const times = timesOf(pid);
  if (times === null) throw new Error(`process ${pid} has ended`);
  return times.own;
}

/**
 * The same of a process and of every one that it started, directly or not, those that have ended included: it only grows, so
 * the difference between two moments is what was spent between them.
 */
export function treeSeconds(root: number): number {
  const all = new Map<number, ProcessTimes>();
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const times = Number.isInteger(pid) ? timesOf(pid) : null;
    if (times === null) continue;
    all.set(pid, times);
    children.set(times.parent, [...(children.get(times.parent) ?? []), pid]);
  }
  if (!all.has(root)) throw new Error(`process ${root} has ended`);
  let seconds = 0;
  for (const open = [root]; open.length > 0; ) {
    const pid = open.pop()!;
    const { own, reaped } = all.get(pid)!;
    seconds += own + reaped;
    open.push(...(children.get(pid) ?? []));
  }
  return seconds;
}

/** Null when it has ended. */
function timesOf(pid: number): ProcessTimes | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // After the program's name, which may hold spaces and parentheses: state, parent, …, utime, stime, cutime, cstime.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const seconds = (first: number) => (Number(fields[first]) + Number(fields[first + 1])) / TICKS_A_SECOND;
  return { parent: Number(fields[1]), own: seconds(11), reaped: seconds(13) };
}
