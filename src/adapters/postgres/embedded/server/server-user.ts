import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants, readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { fileErrorCode, StartupError } from "../startup-error.ts";

export interface ServerUser {
  uid: number;
  /** For spawn: empty when the agent is that user already. */
  switchTo: { uid: number; gid: number } | Record<string, never>;
}

/** initdb and postgres refuse root, so root runs them as the owner of the existing cluster, else as `postgres`, else as `nobody`. */
export async function chooseServerUser(cluster: string): Promise<ServerUser> {
  const own = process.getuid?.();
  const owner = await ownerOf(cluster);
  if (own !== 0) return ordinaryUser(cluster, own, owner?.uid);
  if (owner && owner.uid !== 0) return { uid: owner.uid, switchTo: owner };
  const accounts = await readAccounts();
  const account = accounts.get("postgres") ?? accounts.get("nobody");
  if (account === undefined || account.uid === 0) {
    throw new StartupError(
      "server_user_unknown",
      "PostgreSQL refuses to run as root, and /etc/passwd has neither a user postgres nor nobody. Add one, start the agent as another user, or set DATABASE_URL.",
    );
  }
  return { uid: account.uid, switchTo: account };
}

/** initdb stops when the user has no name (a container started with a number for a user). */
export function requireUserName(): void {
  try {
    userInfo();
  } catch (error) {
    throw new StartupError(
      "server_user_unknown",
      `User id ${process.getuid?.()} has no name on this system, and initdb needs one. Add the user to /etc/passwd, or set DATABASE_URL.`,
      error,
    );
  }
}

function ordinaryUser(cluster: string, own: number | undefined, owner: number | undefined): ServerUser {
  if (own === undefined) {
    throw new StartupError("embedded_postgres_unavailable", "This system has no user ids. Set DATABASE_URL.");
  }
  if (owner !== undefined && owner !== own) {
    throw new StartupError(
      "data_dir_not_owned",
      `The database in ${cluster} belongs to user id ${owner}, the agent runs as ${own}. Start the agent as that user (or as root), or set SLUICE_DATA_DIR to another directory.`,
    );
  }
  return { uid: own, switchTo: {} };
}

async function ownerOf(directory: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const { uid, gid } = await stat(directory);
    return { uid, gid };
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function readAccounts(): Promise<Map<string, { uid: number; gid: number }>> {
  const accounts = new Map<string, { uid: number; gid: number }>();
  for (const line of (await readFile("/etc/passwd", "utf8")).split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name && uid && gid) accounts.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
}

interface ProgramResult {
  /** `undefined` when a signal ended it. */
  code: number | undefined;
  output: string;
}

/** Runs a short program to its end. Rejects only when it cannot be spawned (ENOENT, EACCES). */
export async function runProgram(
  program: string,
  args: string[],
  options: Pick<SpawnOptions, "uid" | "gid"> = {},
  inheritedFd?: number,
): Promise<ProgramResult> {
  const child = spawn(program, args, {
    ...options,
    cwd: "/",
    stdio: ["ignore", "pipe", "ignore", inheritedFd ?? "ignore"],
  });
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? undefined, output };
}

/** Whether that user may read and enter (or run) the path. Asked of the kernel as that user: modes alone miss ACLs and mounts. */
export async function canReach(user: ServerUser, path: string): Promise<boolean> {
  if ("uid" in user.switchTo) {
    const { code } = await runProgram("/bin/sh", ["-c", 'test -r "$1" && test -x "$1"', "sh", path], user.switchTo);
    return code === 0;
  }
  return access(path, constants.R_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
