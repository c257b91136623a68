import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { asServerUser, isolated, serverUser } from "./programs.ts";

// Not os.tmpdir(): that may lie where the server's user cannot enter, and a socket's path may have 107 bytes.
const TEMPORARY = "/tmp/sluice-debian-pg-";

let template: string | undefined;
let users = 0;

/** A folder of its own holding a fresh cluster in `data`. initdb runs for the first; the rest are copies. */
export function newCluster(binaries: string): string {
  const source = templateOfRun(binaries) ?? templateOfProcess(binaries);
  users++;
  const folder = ownedFolder();
  execFileSync("cp", ["-a", "--reflink=auto", source, join(folder, "data")]);
  return folder;
}

/** Shared by all processes of a test run: run-folder.ts makes the folder and removes it. */
function templateOfRun(binaries: string): string | undefined {
  const folder = process.env.SLUICE_TEST_RUN_FOLDER;
  if (folder === undefined) return undefined;
  const data = join(folder, "cluster");
  if (existsSync(data)) return data;
  const fresh = initialized(binaries);
  try {
    renameSync(join(fresh, "data"), data);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(data)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return data;
}

function templateOfProcess(binaries: string): string {
  template ??= initialized(binaries);
  return join(template, "data");
}

export function removeCluster(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  users--;
  // Test workers end by a signal, which runs no exit handler: the last user cleans up.
  if (users > 0 || template === undefined) return;
  rmSync(template, { recursive: true, force: true });
  template = undefined;
}

function initialized(binaries: string): string {
  const folder = ownedFolder();
  const options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
  const { command, args } = asServerUser(join(binaries, "initdb"), [`--pgdata=${join(folder, "data")}`, ...options]);
  execFileSync(command, args, { ...isolated(folder), stdio: ["ignore", "ignore", "inherit"] });
  return folder;
}

/** Empty, of the user that servers run as. Whoever asks removes it. */
export function ownedFolder(): string {
  const folder = mkdtempSync(TEMPORARY);
  const user = serverUser();
  if (user) chownSync(folder, user.uid, user.gid);
  return folder;
}
