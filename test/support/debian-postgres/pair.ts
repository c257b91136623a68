import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { freePort } from "../../../scripts/lib/free-port.mjs";
import { Postmaster } from "./postmaster.ts";
import { asServerUser, isolated, newestBinaries } from "./programs.ts";
import { newCluster, ownedFolder, removeCluster } from "./template.ts";

/** In pg_stat_replication, and in synchronous_standby_names. */
const STANDBY = "standby";
const STREAMS_WITHIN_MS = 60_000;
const PROMOTED_WITHIN_S = 60;

/**
 * A PostgreSQL and a streaming standby that has every acknowledged commit on its disk (`synchronous_standby_names`), on two ports that
 * stay. Either may be lost: the other takes its place, and the lost one comes back as its standby.
 */
export interface PostgresPair {
  /** Of the two, the primary first where nobody failed over yet. */
  readonly ports: readonly [number, number];
  /** Of the one that takes writes. */
  readonly url: string;
  /** The primary vanishes, and the standby takes its place: from then on nothing waits for a second copy. */
  failOver(): Promise<void>;
  /** The lost one becomes the standby; commits wait for its copy from then on. */
  rejoin(): Promise<void>;
  /** The standby neither answers nor goes away, so that no commit is acknowledged. */
  freezeStandby(frozen: boolean): void;
  dispose(): Promise<void>;
}

interface Server {
  folder: string;
  port: number;
  postmaster: Postmaster;
}

export async function startPostgresPair(): Promise<PostgresPair> {
  const binaries = newestBinaries();
  const ports = [await freePort(), await freePort()] as const;
  const first = newCluster(binaries);
  const folders = [first];
  const start = async (folder: string, port: number): Promise<Server> => {
    const settings = { unix_socket_directories: folder, listen_addresses: "127.0.0.1", port };
    return { folder, port, postmaster: await Postmaster.start(binaries, folder, settings) };
  };
  let primary = await start(first, ports[0]);
  let standby: Server | null = null;
  const urlOf = ({ port }: Server) => `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const pair: PostgresPair = {
    ports,
    get url() {
      return urlOf(primary);
    },
    async failOver() {
      if (standby === null) throw new Error("there is no standby");
      const [lost, next] = [primary, standby];
      await lost.postmaster.kill9();
      await ask(urlOf(next), `SELECT pg_promote(true, ${PROMOTED_WITHIN_S})`);
      primary = next;
      standby = null;
    },
    async rejoin() {
      const port = ports.find((one) => one !== primary.port)!;
      const folder = ownedFolder();
      folders.push(folder);
      copyOf(binaries, primary.port, folder);
      standby = await start(folder, port);
      await ask(urlOf(primary), `ALTER SYSTEM SET synchronous_standby_names = '${STANDBY}'`);
      await ask(urlOf(primary), "SELECT pg_reload_conf()");
      await streaming(urlOf(primary));
    },
    freezeStandby(frozen) {
      for (const pid of processesOf(standby!)) {
        try {
          process.kill(pid, frozen ? "SIGSTOP" : "SIGCONT");
        } catch {
          // It ended meanwhile.
        }
      }
    },
    async dispose() {
      await standby?.postmaster.kill9();
      await primary.postmaster.kill9();
      removeCluster(first);
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await pair.rejoin();
  } catch (error) {
    await pair.dispose();
    throw error;
  }
  return pair;
}

/** As an operator makes a standby. Its own commits, when it was promoted, wait for nobody until it has a standby. */
function copyOf(binaries: string, port: number, folder: string): void {
  const from = `host=127.0.0.1 port=${port} user=postgres application_name=${STANDBY}`;
  const data = join(folder, "data");
  const options = [`--dbname=${from}`, `--pgdata=${data}`, "--write-recovery-conf", "--checkpoint=fast", "--no-sync"];
  const { command, args } = asServerUser(join(binaries, "pg_basebackup"), options);
  execFileSync(command, args, { ...isolated(folder), stdio: ["ignore", "ignore", "inherit"] });
  appendFileSync(join(data, "postgresql.auto.conf"), "synchronous_standby_names = ''\n");
}

async function streaming(url: string): Promise<void> {
  const deadline = Date.now() + STREAMS_WITHIN_MS;
  for (;;) {
    const [row] = await ask(url, "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'");
    if (row?.sync_state === "sync") return;
    if (Date.now() > deadline) throw new Error("the standby does not stream");
    await sleep(20);
  }
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  // Neither waits for a standby that is not there.
  const client = new pg.Client({ connectionString: url, options: "-c synchronous_commit=local" });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function processesOf({ folder }: Server): number[] {
  const server = Number(readFileSync(join(folder, "data", "postmaster.pid"), "utf8").split("\n")[0]);
  const children = readFileSync(`/proc/${server}/task/${server}/children`, "utf8").trim().split(" ");
  return [server, ...children.filter(Boolean).map(Number)];
}
