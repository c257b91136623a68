import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The built agent without its source maps; packages outside the bundle come from the node_modules above the folder it is
 * unpacked in.
 */
export function packAgent(checkout, file) {
  const options = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--exclude=*.map", "--exclude=.work-*"];
  execFileSync("tar", ["-czf", file, ...options, "-C", join(checkout, "dist"), "."]);
}

/** sluice-client.tgz as npm installs it, and the wheel as pip does. */
export function packClients(checkout, out) {
  const work = mkdtempSync(join(tmpdir(), "sluice-clients-"));
  try {
    execFileSync(process.execPath, ["scripts/pack-client.mjs", "--out", work], { cwd: checkout, stdio: "ignore" });
    renameSync(join(work, onlyFile(work, ".tgz")), join(out, "sluice-client.tgz"));
    execFileSync("python3", [
      "-m",
      "pip",
      "wheel",
      "--quiet",
      "--no-deps",
      "--wheel-dir",
      work,
      join(checkout, "python"),
    ]);
    const wheel = onlyFile(work, ".whl");
    renameSync(join(work, wheel), join(out, wheel));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function onlyFile(folder, ending) {
  const file = readdirSync(folder).find((name) => name.endsWith(ending));
  if (file === undefined) throw new Error(`no ${ending} was made`);
  return file;
}
