import { execFileSync, type SpawnOptions } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const HOME = "/usr/lib/postgresql";

/** The folder that SLUICE_TEST_POSTGRES names (npm run test:full), else of the newest server of Debian's packages. */
export function newestBinaries(): string {
  const named = process.env.SLUICE_TEST_POSTGRES;
  if (named) return named;
  const majors = existsSync(HOME) ? readdirSync(HOME) : [];
  const [newest] = majors
    .filter((major) => existsSync(join(HOME, major, "bin", "postgres")))
    .sort((a, b) => Number(b) - Number(a));
  if (newest === undefined) throw new Error(`no PostgreSQL server under ${HOME}: apt-get install -y postgresql`);
  return join(HOME, newest, "bin");
}

/** PostgreSQL refuses to run as root; the package's own user is there wherever its programs are. */
export function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** The command line that runs a program as that user, and that ends the program with the process that started it. */
export function asServerUser(program: string, args: readonly string[]): { command: string; args: string[] } {
  const user = serverUser();
  const identity = user ? [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"] : [];
  return { command: "setpriv", args: [...identity, "--pdeathsig=QUIT", program, ...args] };
}

/** Not the caller's folder, which that user may be unable to enter, and none of the PG* variables that would redirect it. */
export function isolated(cwd: string): SpawnOptions {
  return { cwd, env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" } };
}
