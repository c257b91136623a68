import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { run } from "./run.mjs";

const stampFile = (root) => join(root, "node_modules", ".sluice-lock");

/** Identifies the source of node_modules: lockfile and platform. Binaries differ by platform, so a copied clone installs anew. */
export function lockStamp(root) {
  const lock = readFileSync(join(root, "package-lock.json"));
  return `${createHash("sha256").update(lock).digest("hex")} ${process.platform}-${process.arch}\n`;
}

export function isInstalled(root) {
  return existsSync(stampFile(root)) && readFileSync(stampFile(root), "utf8") === lockStamp(root);
}

/** A linked node_modules belongs to another clone: npm would empty it there. */
function isBorrowed(root) {
  return lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** Installs exactly the lockfile when node_modules is missing or comes from another lockfile. */
export async function ensureInstalled(root, { say, install = npmCi }) {
  if (isInstalled(root)) return;
  if (isBorrowed(root)) return say("node_modules is a link to another clone's: left as it is");
  const onWait = () => say("waiting for another start of this clone to install the dependencies …");
  await withLock(
    join(root, ".cache", "install.lock"),
    async () => {
      if (isInstalled(root)) return;
      const why = existsSync(join(root, "node_modules")) ? "package-lock.json has changed" : "first start only";
      say(`installing dependencies (${why}) …`);
      const stamp = lockStamp(root);
      await install(root);
      writeFileSync(stampFile(root), stamp);
    },
    { onWait },
  );
}

async function npmCi(root) {
  // The build needs development dependencies, the store optional ones, whatever NODE_ENV or npm's `omit` say.
  const args = ["ci", "--include=dev", "--include=optional", "--loglevel=error", "--no-audit", "--no-fund"];
  const [command, ...before] = npmCommand();
  // Discards the report of npm: standard output belongs to the program that is started next.
  const code = await run(command, [...before, ...args], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  if (code !== 0) throw new Error(`npm ci failed with exit code ${code}; what it said is above.`);
}

/** The npm that runs this script, else the one on the PATH. */
export function npmCommand(env = process.env) {
  const running = env.npm_execpath ?? "";
  return running.endsWith("npm-cli.js") ? [process.execPath, running] : ["npm"];
}
