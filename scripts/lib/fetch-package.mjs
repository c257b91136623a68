import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { npmCommand } from "./install.mjs";
import { run } from "./run.mjs";

/** One npm package at this version, fetched once and kept in `folder`. Returns where the package lies. */
export async function fetchPackage(name, version, folder) {
  const home = join(folder, `${name.replaceAll("/", "+")}-${version}`);
  const installed = join(home, "node_modules", name);
  if (existsSync(join(home, ".complete"))) return installed;
  const draft = `${home}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    const [command, ...before] = npmCommand();
    const args = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", draft];
    const code = await run(command, [...before, ...args, `${name}@${version}`], {
      cwd: draft,
      stdio: ["ignore", 2, 2],
    });
    if (code !== 0) throw new Error(`npm could not fetch ${name}@${version} (exit code ${code})`);
    writeFileSync(join(draft, ".complete"), "");
    rmSync(home, { recursive: true, force: true });
    mkdirSync(dirname(home), { recursive: true });
    renameSync(draft, home);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return installed;
}
