import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { buildId, entryText, isBuilt } from "./build-stamp.mjs";
import { bundle } from "./bundle.mjs";

/** Builds to keep: a running agent may still load lazy parts of the build it started from. */
const KEPT_BUILDS = 3;
const ABANDONED_AFTER_MILLISECONDS = 10 * 60_000;

/**
 * Makes dist/<id>/ and points dist/main.js to it. Both appear by a rename, so that a program that starts meanwhile sees
 * the old build or the new one, and two builds at once end in the same place. Returns false when there was nothing to do.
 */
export async function build(root, { make = bundle } = {}) {
  if (isBuilt(root)) return false;
  const dist = join(root, "dist");
  mkdirSync(dist, { recursive: true });
  const id = buildId(root);
  const work = mkdtempSync(join(dist, ".work-"));
  try {
    chmodSync(work, 0o755);
    await make(root, work);
    publish(work, join(dist, id));
    writeFileSync(`${work}.entry`, entryText(id), { mode: 0o755 });
    renameSync(`${work}.entry`, join(dist, "main.js"));
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(`${work}.entry`, { force: true });
  }
  prune(dist, id);
  return true;
}

function publish(work, target) {
  try {
    renameSync(work, target);
  } catch (error) {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    // Another build of the same sources was faster, unless the folder there is incomplete.
    if (!existsSync(join(target, "main.js"))) {
      rmSync(target, { recursive: true, force: true });
      renameSync(work, target);
    }
  }
  const now = new Date();
  utimesSync(target, now, now);
}

function prune(dist, current) {
  const others = readdirSync(dist)
    .filter((name) => name !== "main.js" && name !== current)
    .map((name) => ({
      path: join(dist, name),
      name,
      time: statSync(join(dist, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => b.time - a.time);
  const inWork = others.filter(({ name }) => name.startsWith(".work-"));
  const abandoned = inWork.filter(({ time }) => time < Date.now() - ABANDONED_AFTER_MILLISECONDS);
  const old = others.filter((other) => !inWork.includes(other)).slice(KEPT_BUILDS - 1);
  for (const { path } of [...abandoned, ...old]) rmSync(path, { recursive: true, force: true });
}
