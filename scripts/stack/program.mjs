import { lstatSync } from "node:fs";
import { join } from "node:path";
import { isBuilt } from "../lib/build-stamp.mjs";
import { prepare } from "../lib/prepare.mjs";
import { root } from "../lib/root.mjs";
import { run } from "../lib/run.mjs";

/** The built agent. Dependencies are installed where they are missing, but not into a node_modules that belongs to another clone. */
export async function stackProgram() {
  const borrowed = lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (!borrowed) return prepare();
  if (!isBuilt(root)) {
    const code = await run(process.execPath, [join(root, "scripts", "build.mjs")], {
      cwd: root,
      stdio: ["ignore", 2, 2],
    });
    if (code !== 0) throw new Error(`the build failed with exit code ${code}; what it said is above.`);
  }
  return join(root, "dist", "main.js");
}
