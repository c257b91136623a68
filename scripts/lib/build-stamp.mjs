import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The inputs of the bundle: sources, dependencies, and the build scripts. */
const INPUTS = [
  "src",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "scripts/lib/bundle.mjs",
  "scripts/lib/page.mjs",
];

/** The id of the build of the present sources: by content, not by time, because git does not keep times. */
export function buildId(root) {
  const hash = createHash("sha256");
  for (const input of INPUTS) {
    for (const file of filesUnder(root, input)) {
      const content = readFileSync(join(root, file));
      hash.update(`${file}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/** dist/main.js is one line that loads a build; that line is the stamp. */
export function entryText(id) {
  return `#!/usr/bin/env node\nimport "./${id}/main.js";\n`;
}

export function isBuilt(root) {
  const entry = join(root, "dist", "main.js");
  if (!existsSync(entry)) return false;
  const id = buildId(root);
  return readFileSync(entry, "utf8") === entryText(id) && existsSync(join(root, "dist", id, "main.js"));
}

function filesUnder(root, path) {
  const entries = listing(join(root, path));
  if (entries === undefined) return existsSync(join(root, path)) ? [path] : [];
  return entries
    .filter((entry) => !entry.name.startsWith("."))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(root, `${path}/${entry.name}`) : [`${path}/${entry.name}`]));
}

function listing(path) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOTDIR" || error.code === "ENOENT") return undefined;
    throw error;
  }
}
