import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../lib/root.mjs";

/** A throw-away server, the one that the tests use, with `dump()`: its database as SQL that PostgreSQL 15 and newer take. */
export async function startPostgres(work) {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const outfile = join(mkdtempSync(join(cache, "fixture-")), "debian-postgres.mjs");
  await build({
    absWorkingDir: root,
    entryPoints: ["test/support/debian-postgres.ts"],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "warning",
  });
  const { startDebianPostgres } = await import(pathToFileURL(outfile).href);
  const server = await startDebianPostgres({ tcp: true });
  const dump = () => {
    const options = ["--no-owner", "--no-privileges", "--no-comments", "--rows-per-insert=1000", server.url];
    const text = execFileSync("pg_dump", options, { encoding: "utf8", maxBuffer: 1 << 28, cwd: work });
    // Commands of psql (\restrict and the like) are not SQL.
    return text.replaceAll(/^\\.*$/gm, "");
  };
  return { url: server.url, dump, dispose: () => server.dispose() };
}
