import { lstat, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { fileErrorCode } from "./file-error.ts";

interface LibraryLink {
  source: string;
  target: string;
}

/** npm packages cannot hold symbolic links. The package's install script makes them, unless install scripts are off. */
export async function missingLibraryLinks(root: string): Promise<LibraryLink[]> {
  const links = JSON.parse(await readFile(path.join(root, "native/pg-symlinks.json"), "utf8")) as LibraryLink[];
  const missing: LibraryLink[] = [];
  for (const link of links) {
    const there = await lstat(path.join(root, link.target)).catch(() => undefined);
    if (there === undefined) missing.push(link);
  }
  return missing;
}

export async function makeLibraryLinks(root: string, links: LibraryLink[]): Promise<void> {
  for (const { source, target } of links) {
    try {
      await symlink(path.relative(path.dirname(target), source), path.join(root, target));
    } catch (error) {
      // Another agent was quicker.
      if (fileErrorCode(error) !== "EEXIST") throw error;
    }
  }
}
