import fs from "node:fs";

/** Polled: also on file systems that tell of nothing, and for links that are swapped as Kubernetes does it. */
const EVERY_MS = 1_000;

/** Calls back when the file's content may have changed; answers how to stop that. */
export function watchFile(path: string, onChange: () => void): () => void {
  const listener = (now: fs.Stats, before: fs.Stats) => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino || now.size !== before.size) onChange();
  };
  fs.watchFile(path, { interval: EVERY_MS, persistent: false }, listener);
  return () => fs.unwatchFile(path, listener);
}
