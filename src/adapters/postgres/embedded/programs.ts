import path from "node:path";
import { makeLibraryLinks, missingLibraryLinks } from "./library-links.ts";
import type { PlatformPackage } from "./platform-package.ts";
import { copyPlaces, copyPrograms } from "./program-copy.ts";
import { canReach } from "./reach.ts";
import type { ServerUser } from "./server-user.ts";
import { StartupError } from "./startup-error.ts";

export interface Programs {
  initdb: string;
  postgres: string;
}

// initdb runs postgres through a shell and puts its path between double quotes, nothing more.
const UNSAFE_BETWEEN_QUOTES = /["$`\\\n]/;

/** The programs where they were installed if the server's user can run them there, else a copy. */
export async function findPrograms(platform: PlatformPackage, user: ServerUser): Promise<Programs> {
  if (await canRunInPlace(platform.root, user)) return programsIn(platform.root);
  const copy = await copyPrograms(platform, user);
  if (copy !== undefined) return programsIn(copy);
  throw new StartupError(
    "programs_unreachable",
    `User id ${user.uid}, who runs the embedded PostgreSQL, cannot reach its programs in ${platform.root}, and no place for a copy will do (${copyPlaces().join(", ")}: a place must be writable, passable for that user, and not writable by others). Move the installation to a directory others may enter, or set DATABASE_URL.`,
  );
}

async function canRunInPlace(root: string, user: ServerUser): Promise<boolean> {
  if (UNSAFE_BETWEEN_QUOTES.test(root)) return false;
  if (!(await canReach(user, path.join(root, "native/bin/postgres")))) return false;
  const missing = await missingLibraryLinks(root);
  // The installation may belong to somebody else, or be read-only.
  return makeLibraryLinks(root, missing).then(
    () => true,
    () => false,
  );
}

function programsIn(root: string): Programs {
  return { initdb: path.join(root, "native/bin/initdb"), postgres: path.join(root, "native/bin/postgres") };
}
