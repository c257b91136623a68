import fs from "node:fs";

/** Polled: also on file systems that tell of nothing, and for links that are swapped as Kubernetes does it. */
const EVERY_MS = 1_000;
/** A file that was not seen to change for so long is written to its end: one look lies within. */
const QUIET_MS = 1_500;
/** Who changes it all the time is heard after so long all the same. */
const LONGEST_MS = 30_000;

/** Calls back when the file's content may have changed and came to rest; answers how to stop that. */
export function watchFile(path: string, onChange: () => void): () => void {
  let resting: NodeJS.Timeout | undefined;
  let since = 0;
  const listener = (now: fs.Stats, before: fs.Stats) => {
    if (!differ(now, before)) return;
    if (resting === undefined) since = performance.now();
    clearTimeout(resting);
    const left = Math.max(0, since + LONGEST_MS - performance.now());
    resting = setTimeout(
      () => {
        resting = undefined;
        onChange();
      },
      Math.min(QUIET_MS, left),
    ).unref();
  };
  fs.watchFile(path, { interval: EVERY_MS, persistent: false }, listener);
  return () => {
    clearTimeout(resting);
    fs.unwatchFile(path, listener);
  };
}

/** The time of its rights as well: one that may no longer be read is told of. */
function differ(a: fs.Stats, b: fs.Stats): boolean {
  return a.mtimeMs !== b.mtimeMs || a.ctimeMs !== b.ctimeMs || a.ino !== b.ino || a.size !== b.size;
}
