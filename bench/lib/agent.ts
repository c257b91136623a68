import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../scripts/lib/build.mjs";
import { freePort } from "../../scripts/lib/free-port.mjs";
import { startNode } from "./children.ts";
import { answering, type Server } from "./servers.ts";

/** The agent as it is shipped: dist/main.js in a process of its own. */
export interface Agent extends Server {
  readonly dataDir: string;
  dispose(): Promise<void>;
}

export interface AgentOptions {
  /** Absent: the embedded server. */
  database_url?: string;
  /** Kept by whoever gives it; absent: a temporary one. */
  dataDir?: string;
  port?: number;
  env?: NodeJS.ProcessEnv;
}

export async function startAgent(options: AgentOptions = {}): Promise<Agent> {
  const port = options.port ?? (await freePort());
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "sluice-bench-")));
  const { DATABASE_URL: _, ...inherited } = process.env;
  const env = {
    ...inherited,
    NODE_ENV: "production",
    SLUICE_LISTEN: `127.0.0.1:${port}`,
    SLUICE_DATA_DIR: dataDir,
    SLUICE_LOG_LEVEL: "warn",
    ...(options.database_url === undefined ? {} : { DATABASE_URL: options.database_url }),
    ...options.env,
  };
  const config = options.env?.SLUICE_CONFIG === undefined ? await benchConfig() : null;
  if (config !== null) Object.assign(env, { SLUICE_CONFIG: join(config, "sluice.yaml") });
  const child = startNode(await agentProgram(), ["serve"], env);
  const server = await answering(child, port, "/readyz");
  return Object.assign(server, {
    dataDir,
    async dispose() {
      await server.stop();
      if (config !== null) await rm(config, { recursive: true, force: true });
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  });
}

/** Built when the sources have changed since. */
export async function agentProgram(): Promise<string> {
  const root = process.cwd();
  await build(root);
  const main = join(root, "dist", "main.js");
  if (!existsSync(main)) throw new Error(`${main} is not there after a build`);
  return main;
}

/** A directory with a sluice.yaml: benches bring ten thousand pipelines at once. */
async function benchConfig(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-bench-config-"));
  await writeFile(join(directory, "sluice.yaml"), "limits:\n  new_pipelines_per_minute: 1000000\n");
  return directory;
}
