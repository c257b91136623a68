import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const POSTGRES_HOME = "/usr/lib/postgresql";

/** The folder of the newest PostgreSQL that Debian's packages have installed. */
export function postgresPrograms() {
  const majors = existsSync(POSTGRES_HOME) ? readdirSync(POSTGRES_HOME) : [];
  const [newest] = majors
    .filter((major) => existsSync(join(POSTGRES_HOME, major, "bin", "postgres")))
    .sort((a, b) => Number(b) - Number(a));
  if (newest === undefined) throw new Error(`no PostgreSQL under ${POSTGRES_HOME}: apt-get install postgresql`);
  return join(POSTGRES_HOME, newest, "bin");
}

/** The user for PostgreSQL, which refuses to run as root: that of the Debian package. null: the present user will do. */
export function postgresUser() {
  if (process.getuid?.() !== 0) return null;
  const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

export function identityOf(user) {
  return user === null ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"];
}

/** Whether that user can enter the directory. */
export function canReach(user, directory) {
  return user === null || spawnSync("setpriv", [...identityOf(user), "test", "-x", directory]).status === 0;
}

/** Debian's package has another name for it than the project. */
export function alertmanagerProgram() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const names = ["alertmanager", "prometheus-alertmanager"];
  const found = names.find((name) => folders.some((folder) => existsSync(join(folder, name))));
  if (found === undefined) throw new Error("no Alertmanager on the PATH: apt-get install prometheus-alertmanager");
  return found;
}
