import { randomBytes } from "node:crypto";
import { lstat, mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { copyTree } from "./copy-tree.ts";
import { syncDirectory } from "./data-directory.ts";
import { makeLibraryLinks, missingLibraryLinks } from "./library-links.ts";
import type { PlatformPackage } from "./platform-package.ts";
import { canReach } from "./reach.ts";
import type { ServerUser } from "./server-user.ts";
import { makeTrustedDirectory } from "./trusted-directory.ts";

/** Where copies may live, the best place first. */
export function copyPlaces(): string[] {
  const own = process.getuid?.();
  const shared = `/var/tmp/sluice-${own}`;
  if (own === 0) return ["/var/lib/sluice", "/var/cache/sluice", shared];
  return [path.join(homedir(), ".cache/sluice"), shared];
}

/** A copy of the package that the server's user can run, kept under its version for the next start. `undefined`: no place will do. */
export async function copyPrograms(source: PlatformPackage, user: ServerUser): Promise<string | undefined> {
  for (const place of copyPlaces()) {
    if (!(await makeTrustedDirectory(place)) || !(await canReach(user, place))) continue;
    const root = path.join(place, `postgresql-${source.version}-${process.platform}-${process.arch}`);
    try {
      if (!(await exists(root))) await copyPackage(source.root, root);
    } catch {
      // No space here, or no permission: the next place may have them.
      continue;
    }
    if (await canReach(user, path.join(root, "native/bin/postgres"))) return root;
  }
  return undefined;
}

/** Complete under its final name, or not there: it is copied and synced under another name first. */
async function copyPackage(source: string, target: string): Promise<void> {
  const draft = `${target}.new-${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(draft);
    await copyTree(path.join(source, "native"), path.join(draft, "native"), isNeeded);
    await makeLibraryLinks(draft, await missingLibraryLinks(draft));
    await rename(draft, target);
    await syncDirectory(path.dirname(target));
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another agent was quicker.
    if (!(await exists(target))) throw error;
  }
}

const isNeeded = (name: string) => !name.endsWith(".a") && name !== "pgxs" && name !== "pkgconfig";

const exists = (file: string) =>
  lstat(file).then(
    () => true,
    () => false,
  );
