import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";

/**
 * Makes the directory and those above it; answers the first that was missing. One by one: mkdir with `recursive` never
 * returns where the system answers ENOENT for a directory whose parent is there, as it does below /proc.
 */
export async function makeDirectory(directory: string, mode: number): Promise<string | undefined> {
  const missing: string[] = [];
  for (let at = path.resolve(directory); !existsSync(at); at = path.dirname(at)) missing.unshift(at);
  for (const one of missing) {
    try {
      await mkdir(one, { mode });
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  return missing[0];
}
