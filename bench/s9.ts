import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { findPlatformPackage, findPrograms } from "../src/adapters/postgres/embedded/server/programs.ts";
import { serverSettings } from "../src/adapters/postgres/embedded/server/server-settings.ts";
import { chooseServerUser } from "../src/adapters/postgres/embedded/server/server-user.ts";
import { agentProgram, startAgent } from "./lib/agent.ts";
import { startChild } from "./lib/children.ts";
import { figure, report } from "./lib/figures.ts";
import { alternate } from "./lib/rounds.ts";
import { startProgram } from "./lib/servers.ts";

/** S9: start to /readyz with the embedded store, first and second, beside initdb, that Postgres and a bare Fastify one after the other. */

const ROUNDS = 5;
const PORT = 5432;

const work = mkdtempSync("/tmp/sluice-s9-");
const user = await chooseServerUser(join(work, "none"));
const programs = await findPrograms(await findPlatformPackage(), user);
if ("uid" in user.switchTo) chownSync(work, user.switchTo.uid, user.switchTo.gid);
await agentProgram();

const folder = (name: string, round: number) => join(work, `${name}-${round}`);
const milliseconds = async (task: () => Promise<void>) => {
  const start = performance.now();
  await task();
  return performance.now() - start;
};

/** What the agent does at least: make the cluster, start the server, start a web server. */
async function bareStart(round: number, first: boolean): Promise<number> {
  const data = folder("bare", round);
  const spawnOptions = { ...user.switchTo, cwd: "/", env: { PATH: "/usr/bin:/bin", LC_ALL: "C" } };
  let stop: () => Promise<void> = async () => {};
  const taken = await milliseconds(async () => {
    if (first) {
      const args = ["-D", data, "-U", "sluice", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"];
      execFileSync(programs.initdb, args, { ...spawnOptions, stdio: "ignore" });
    }
    const server = startChild(programs.postgres, ["-D", data, ...serverSettings(work, PORT)], spawnOptions);
    await answersQueries();
    const web = await startProgram("bare-fastify");
    stop = async () => {
      await web.stop();
      await server.stop("SIGINT");
    };
  });
  await stop();
  return taken;
}

async function answersQueries(): Promise<void> {
  for (;;) {
    const client = new pg.Client({ host: work, port: PORT, user: "sluice", database: "postgres" });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

async function agentStart(dataDir: string): Promise<number> {
  let stop: () => Promise<void> = async () => {};
  const taken = await milliseconds(async () => {
    const agent = await startAgent({ dataDir });
    stop = () => agent.dispose();
  });
  await stop();
  return taken;
}

const agentDirs = mkdtempSync(join(tmpdir(), "sluice-s9-agent-"));
const dataDir = (round: number) => {
  const directory = join(agentDirs, String(round));
  mkdirSync(directory, { recursive: true });
  return directory;
};
const ms = await alternate(ROUNDS, [
  { name: "first", measure: (round) => agentStart(dataDir(round)) },
  { name: "initdb + postgres + fastify", measure: (round) => bareStart(round, true) },
  { name: "second", measure: (round) => agentStart(dataDir(round)) },
  { name: "postgres + fastify", measure: (round) => bareStart(round, false) },
]);
const line = (what: string, against: string, most: number) =>
  figure(`${what} start`, "ms", ms[what]!, against, ms[against]!, { most });
report("s9", "process start to /readyz, embedded store", [
  line("first", "initdb + postgres + fastify", 1.2),
  line("second", "postgres + fastify", 1.5),
]);
rmSync(agentDirs, { recursive: true, force: true });
rmSync(work, { recursive: true, force: true });
process.exit(0);
