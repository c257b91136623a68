import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identityOf, postgresPrograms, postgresUser } from "./programs.mjs";
import { startService } from "./service.mjs";

/** A PostgreSQL of Debian's on loopback, its data in `directory`, behind a password. Its database is called sluice. */
export async function startPostgres({ directory, log, port, password }) {
  const programs = postgresPrograms();
  const user = postgresUser();
  const data = join(directory, "data");
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o755);
  if (!existsSync(data)) createCluster({ programs, user, directory, data, password });
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    password_encryption: "scram-sha-256",
  };
  const service = startService({
    name: "PostgreSQL",
    command: join(programs, "postgres"),
    args: ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    log,
    cwd: directory,
    env: plainEnvironment(),
    identity: identityOf(user),
    // Ends sessions in order instead of waiting for them.
    signal: "SIGINT",
  });
  // Line 8 of the file is the server's state: what pg_ctl itself waits for.
  await service.ready(() => readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[7]?.trim() === "ready");
  createDatabase({ programs, port, password });
  return { ...service, url: `postgres://sluice:${password}@127.0.0.1:${port}/sluice` };
}

/** Made under another name and renamed, so that a killed run leaves nothing that looks like a database. */
function createCluster({ programs, user, directory, data, password }) {
  const making = join(directory, "making");
  const pwfile = join(directory, "password");
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  writeFileSync(pwfile, password, { mode: 0o600 });
  if (user !== null) for (const path of [making, pwfile]) chownSync(path, user.uid, user.gid);
  const args = ["-D", making, "--username=sluice", `--pwfile=${pwfile}`, "--auth=scram-sha-256", "--encoding=UTF8"];
  run("setpriv", [...identityOf(user), join(programs, "initdb"), ...args, "--no-locale"], directory);
  rmSync(pwfile);
  renameSync(making, data);
}

function createDatabase({ programs, port, password }) {
  const target = ["-h", "127.0.0.1", "-p", String(port), "-U", "sluice"];
  const query = ["-d", "postgres", "-Atc", "SELECT 1 FROM pg_database WHERE datname = 'sluice'"];
  const env = { ...plainEnvironment(), PGPASSWORD: password };
  if (run(join(programs, "psql"), [...target, ...query], "/", env).trim() === "1") return;
  run(join(programs, "createdb"), [...target, "sluice"], "/", env);
}

function run(command, args, cwd, env = plainEnvironment()) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr.trim()}`);
  return stdout;
}

/** The environment without the PG* variables, which would redirect the client. */
function plainEnvironment() {
  return { PATH: process.env.PATH, LC_ALL: "C.UTF-8" };
}
