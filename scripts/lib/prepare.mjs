import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isBuilt } from "./build-stamp.mjs";
import { ensureInstalled } from "./install.mjs";
import { nodeProblem } from "./node-version.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";

/** Logs to standard error: standard output belongs to the program, and `npm run --silent sluice -- … > file` must stay clean. */
export const say = (line) => process.stderr.write(`${line}\n`);

export function fail(message) {
  say(message);
  process.exit(1);
}

/** Checks Node, installs and builds, each only where needed. Returns the path of the built program. */
export async function prepare() {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const problem = nodeProblem(process.versions.node, engines.node);
  if (problem) fail(problem);
  try {
    await ensureInstalled(root, { say });
    if (!isBuilt(root)) {
      // In a process of its own, so that the agent does not keep the memory of the bundler.
      const code = await run(process.execPath, [join(root, "scripts", "build.mjs")], {
        cwd: root,
        stdio: ["ignore", 2, 2],
      });
      if (code !== 0) fail(`the build failed with exit code ${code}; what it said is above.`);
    }
  } catch (error) {
    fail(error.message);
  }
  return join(root, "dist", "main.js");
}
