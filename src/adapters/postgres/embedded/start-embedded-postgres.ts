import path from "node:path";
import { Teardown } from "../../process/teardown.ts";
import { claimDirectory } from "./cluster/claim-directory.ts";
import { DATABASE, DATABASE_USER, prepareCluster } from "./cluster/create-cluster.ts";
import { createDataDirectory, freeMegabytes } from "./cluster/data-directory.ts";
import { clearLeftOver } from "./cluster/left-over.ts";
import { findPlatformPackage, findPrograms } from "./server/programs.ts";
import { type SupervisorEvents, startServer, superviseServer } from "./server/server-process.ts";
import { serverSettings } from "./server/server-settings.ts";
import { chooseServerUser } from "./server/server-user.ts";
import { createSocketDirectory, keepSocket, removeSocketDirectory, SOCKET_PORT } from "./server/socket-directory.ts";
import { startWatcher } from "./server/watcher.ts";
import { type ServerLog, SILENT } from "./server-log.ts";
import { diskFull, explainFileError, StartupError, type StartupErrorCode } from "./startup-error.ts";

interface EmbeddedPostgresOptions extends SupervisorEvents {
  /** The agent's data directory; it need not exist. */
  dataDir: string;
  /** How this agent can be reached, told to a second one that is refused the directory. */
  owner?: string;
  /** For each step of creating the database; and how long a starting server may be silent (it reports a recovery every 10 s). */
  startTimeoutMs?: number;
}

export interface EmbeddedPostgres {
  /** The same over restarts of the server. `host` is the directory of the Unix socket. */
  readonly connection: { host: string; port: number; user: string; database: string };
  /** `undefined` while the server is being started again. */
  readonly server_pid: number | undefined;
  /** Twice is harmless. Afterwards the directory is free for another agent. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
// The largest piece that the server asks for at once.
const WAL_SEGMENT_MB = 16;
const FAILED_PROGRAMS = new Set<StartupErrorCode>(["initdb_failed", "server_start_failed"]);

/**
 * Starts a private PostgreSQL in `<dataDir>/postgres`, creating it the first time. The server ends with this process, however it
 * ends, and is started again when it dies alone. Throws `StartupError` when it cannot start; nothing is left running then.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
  log: ServerLog = SILENT,
): Promise<EmbeddedPostgres> {
  const dataDir = path.resolve(options.dataDir);
  const directory = path.join(dataDir, "postgres");
  const timeoutMs = options.startTimeoutMs ?? START_TIMEOUT_MS;
  const teardown = new Teardown(log);
  try {
    const platform = await findPlatformPackage();
    await createDataDirectory(dataDir);
    const claim = await claimDirectory(dataDir, options.owner);
    teardown.add("claim on the data directory", () => claim.release());

    const user = await chooseServerUser(directory);
    const programs = await findPrograms(platform, user);
    if (claim.formerSocketDirectory) await removeSocketDirectory(claim.formerSocketDirectory);
    const host = await createSocketDirectory(user);
    teardown.add("socket directory", () => removeSocketDirectory(host));
    await claim.noteSocketDirectory(host);
    const watcher = await startWatcher(claim.lockFd, host, log);
    teardown.add("watcher of the embedded PostgreSQL", () => watcher.close());

    const cluster = await prepareCluster(directory, platform.major, { programs, user, watcher, timeoutMs });
    teardown.add("cluster of the embedded PostgreSQL", () => cluster.close());
    const args = ["-D", cluster.argument, ...serverSettings(host, SOCKET_PORT)];
    const command = { program: programs.postgres, args, user, inheritedFd: cluster.fd };
    const socket = keepSocket(host, user, log);
    const start = async (signal: AbortSignal) => {
      await socket.prepare();
      await clearLeftOver(directory, cluster, user, log);
      return startServer(watcher, command, timeoutMs, signal, log);
    };
    const supervisor = await superviseServer(start, options, log);
    teardown.add("embedded PostgreSQL", () => supervisor.stop());
    socket.watch(() => {
      if (supervisor.pid !== undefined) process.kill(supervisor.pid, "SIGINT");
    });
    teardown.add("socket of the embedded PostgreSQL", () => socket.stop());

    return {
      connection: { host, port: SOCKET_PORT, user: DATABASE_USER, database: DATABASE },
      get server_pid() {
        return supervisor.pid;
      },
      stop: () => teardown.run(),
    };
  } catch (error) {
    await teardown.run();
    throw await explain(error, dataDir);
  }
}

async function explain(error: unknown, dataDir: string): Promise<unknown> {
  if (error instanceof StartupError && FAILED_PROGRAMS.has(error.code)) {
    const free = await freeMegabytes(dataDir);
    if (free <= WAL_SEGMENT_MB) return diskFull(dataDir, `(${free} MB free)`, error);
  }
  return explainFileError(error, dataDir);
}
