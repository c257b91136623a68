import type { NodeHost } from "../host/node-host.ts";
import { finishedName, parseSegmentName, type SegmentName, sendingName } from "./segment-name.ts";

/** A file whose owner lives may be taken from it after this long without a sign of life (milliseconds). */
const ABANDONED_AFTER = 10 * 60_000;

export interface Claimed {
  id: string;
  lines: string[];
  /** The reports are with the agent, or given up. */
  remove(): void;
  /** Not sent: for whoever comes next. */
  release(): void;
}

/** Every segment of the folder, oldest first. */
export function listSegments({ fs }: NodeHost, folder: string): (SegmentName & { name: string })[] {
  let names: string[];
  try {
    names = fs.readdirSync(folder);
  } catch {
    return [];
  }
  const segments = names.sort().map((name) => ({ name, ...parseSegmentName(name) }));
  return segments.filter((one): one is SegmentName & { name: string } => one.id !== undefined);
}

/**
 * The oldest segment that is finished or that its owner has left behind; `only`: of these alone. The rename is the claim: of
 * two processes one wins, and the other goes on to the next file.
 */
export function claimSegment(
  host: NodeHost,
  folder: string,
  isMine: (id: string) => boolean,
  only: ReadonlySet<string> | null,
): Claimed | null {
  const { fs, path, process } = host;
  const segments = listSegments(host, folder).filter(({ id }) => !isMine(id) && only?.has(id) !== false);
  for (const segment of segments) {
    const from = path.join(folder, segment.name);
    const to = path.join(folder, sendingName(segment.id, process.pid));
    try {
      if (segment.state !== "ndjson" && !isLeftBehind(host, segment, from)) continue;
      // Before the rename: a file that looks old could be claimed again at once.
      const now = new Date();
      fs.utimesSync(from, now, now);
      fs.renameSync(from, to);
      const lines = wholeLines(fs.readFileSync(to, "utf8"));
      return {
        id: segment.id,
        lines,
        remove: () => quietly(() => fs.unlinkSync(to)),
        release: () => quietly(() => fs.renameSync(to, path.join(folder, finishedName(segment.id)))),
      };
    } catch {
      // Somebody was faster, or it cannot be read: the next one.
    }
  }
  return null;
}

function isLeftBehind({ fs, process }: NodeHost, { pid }: SegmentName, file: string): boolean {
  const { mtimeMs } = fs.statSync(file);
  const now = Date.now();
  if (mtimeMs < now - ABANDONED_AFTER) return true;
  // Pids return, in containers always the same one: what is older than this process is not of this process.
  if (pid === process.pid) return mtimeMs < now - process.uptime() * 1000 - 1000;
  return pid === null || !isAlive(process, pid);
}

function isAlive(process: NodeJS.Process, pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** A last line without its newline was cut off in writing. */
export function wholeLines(text: string): string[] {
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "");
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // Gone already.
  }
}
