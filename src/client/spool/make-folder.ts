import type { NodeHost } from "../host/node-host.ts";

/**
 * Makes the folder and those above it, for this user alone. One by one: mkdir with `recursive` never returns where the system
 * answers ENOENT for a folder whose parent is there, as it does below /proc.
 */
export function makeFolder({ fs, path }: NodeHost, folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !fs.existsSync(at); at = path.dirname(at)) missing.push(at);
  for (const one of missing.reverse()) {
    try {
      fs.mkdirSync(one, { mode: 0o700 });
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
