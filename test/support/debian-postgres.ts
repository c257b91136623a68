import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../scripts/lib/free-port.mjs";
import { Postmaster, type StopMode } from "./debian-postgres/postmaster.ts";
import { newestBinaries } from "./debian-postgres/programs.ts";
import { newCluster, removeCluster } from "./debian-postgres/template.ts";

const SOCKET_PORT = 5432;
const ATTEMPTS = 20;

/** A throw-away PostgreSQL from Debian's packages, with the durability settings it ships with. */
export interface DebianPostgres {
  /** Stays the same over stop and start. The user `postgres` needs no password. */
  readonly url: string;
  /** Where its Unix socket and its `log` lie. */
  readonly folder: string;
  readonly running: boolean;
  /** Resolves once it takes connections. Does nothing when it runs. */
  start(): Promise<void>;
  /** `fast` (the default) ends sessions in order, `immediate` leaves recovery to the next start. */
  stop(mode?: StopMode): Promise<void>;
  /** Server and sessions vanish at once. */
  kill9(): Promise<void>;
  /** Ends it and removes its files. Twice is harmless. */
  dispose(): Promise<void>;
}

export interface DebianPostgresOptions {
  /** Listen on a free loopback port instead of a Unix socket alone; `url` then names the port. */
  tcp?: boolean;
  /** More lines of postgresql.conf, such as `{ max_connections: 20 }`. */
  settings?: Record<string, string | number>;
}

/** Started and ready. Each has its own folder and port, so that test files may run side by side. */
export async function startDebianPostgres(options: DebianPostgresOptions = {}): Promise<DebianPostgres> {
  const binaries = newestBinaries();
  const folder = newCluster(binaries);
  const port = options.tcp ? await freePort() : SOCKET_PORT;
  const host = options.tcp ? `127.0.0.1:${port}` : encodeURIComponent(folder);
  const settings = {
    unix_socket_directories: folder,
    listen_addresses: options.tcp ? "127.0.0.1" : "",
    port,
    ...options.settings,
  };
  let postmaster: Postmaster | undefined;
  let disposed = false;

  const server: DebianPostgres = {
    url: `postgresql://postgres@${host}/postgres`,
    folder,
    get running() {
      return postmaster?.running ?? false;
    },
    async start() {
      if (disposed) throw new Error("this server has been disposed of");
      if (server.running) return;
      postmaster = await startPatiently(() => Postmaster.start(binaries, folder, settings));
    },
    async stop(mode = "fast") {
      await postmaster?.stop(mode);
    },
    async kill9() {
      await postmaster?.kill9();
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await postmaster?.stop("immediate");
      removeCluster(folder);
    },
  };
  try {
    await server.start();
  } catch (error) {
    await server.dispose();
    throw error;
  }
  return server;
}

/** After a hard kill the kernel may take a moment to let go of the old sessions' shared memory. */
async function startPatiently(start: () => Promise<Postmaster>): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === ATTEMPTS || !String(error).includes("shared memory block")) throw error;
      await sleep(50);
    }
  }
}
