import type pg from "pg";
import type { Cron } from "../adapters/cron/cron.ts";
import { waitForServer } from "../adapters/postgres/connection/connect.ts";
import { openClient, openDatabase, openPool } from "../adapters/postgres/connection/open.ts";
import { BY_KEY } from "../adapters/postgres/connection/pool.ts";
import { StorageTrouble, whyNotWritten } from "../adapters/postgres/connection/storage-trouble.ts";
import { bringDatabaseUpToDate } from "../adapters/postgres/migrate.ts";
import { postgresReader } from "../adapters/postgres/read/reader.ts";
import type { OtherAgent } from "../adapters/postgres/replicas/agent-rows.ts";
import { waitForLoneAgent } from "../adapters/postgres/replicas/lone-agent.ts";
import { PostgresStore } from "../adapters/postgres/store.ts";
import type { OnStop } from "../adapters/process/teardown.ts";
import type { Config } from "../config.ts";
import type { Log, Reader, Store } from "../ports.ts";
import type { SlaRateReader } from "../service/sla/sla-gauges.ts";
import { createReplicas, type Replicas } from "./replicas/replicas.ts";

const STATEMENT_TIMEOUT_MS = 30_000;
/** A list that takes longer is given up, so that one who asks for much does not keep the others waiting. */
const LIST_TIMEOUT_MS = 15_000;
/** Rates of everything are summed beside all else, and nobody waits for them. */
const SUM_TIMEOUT_MS = 60_000;
const HEARTBEAT_TIMEOUT_MS = 5_000;

export interface OpenStore {
  store: Store;
  /** For the duties of who holds the lease: fails where that is another agent. */
  duties: Store;
  /** Lists and sums; what gates are decided and answered from has connections of its own. */
  reader: Reader;
  /** For sums over all that is stored: one at a time, and with the time they take. */
  sums: SlaRateReader;
  /** For what writes beside the reports. */
  write: pg.Pool;
  replicas: Replicas;
  /** Whether it can be written to, as far as is known. */
  up(): boolean;
  /** Resolves when the schema is up to date and this agent is one of those that work on the database. */
  join(cron: Cron): Promise<void>;
  /** What is missing until then. */
  missing(): string;
  /** Resolves when something could be written; else throws a sentence, or StoreError. */
  check(): Promise<void>;
}

export interface StoreOptions {
  config: Config;
  log: Log;
  onStop: OnStop;
  signal: AbortSignal;
  /** Other agents have given this one up. */
  onLost: () => void;
}

/** The database with its pools, each of which waits for no other. */
export async function openStore({ config, log, onStop, signal, onLost }: StoreOptions): Promise<OpenStore> {
  const connection = await openDatabase(config, log, onStop);
  const pool = (name: string, size: number, statementTimeout: number, settings = {}) =>
    openPool({ connection, size, statementTimeout, name, settings }, log, onStop);
  const holdPool = pool("sluice-hold", 1, HEARTBEAT_TIMEOUT_MS);
  const writePool = pool("sluice-write", 3, STATEMENT_TIMEOUT_MS, BY_KEY);
  const gatePool = pool("sluice-gate", 2, STATEMENT_TIMEOUT_MS, BY_KEY);
  const listPool = pool("sluice-read", 4, LIST_TIMEOUT_MS);
  const sumPool = pool("sluice-sums", 1, SUM_TIMEOUT_MS);
  const replicas = createReplicas({
    pool: holdPool,
    client: () => openClient({ connection, statementTimeout: HEARTBEAT_TIMEOUT_MS, name: "sluice-changes" }),
    alone: config.database_url === null,
    log,
    onStop,
    signal,
    onLost,
  });
  const { membership: member, lease } = replicas;
  const trouble = new StorageTrouble(() => performance.now());
  const { heard } = trouble;
  let lone: OtherAgent | null = null;
  return {
    store: new PostgresStore(writePool, { member, heard }),
    duties: new PostgresStore(writePool, { member, heard, lease: lease.fence }),
    reader: postgresReader(listPool, gatePool),
    sums: postgresReader(sumPool),
    write: writePool,
    replicas,
    async join(cron) {
      await waitForServer(holdPool, log, signal);
      await waitForLoneAgent(holdPool, { log, signal, waitsFor: (holder) => (lone = holder) });
      await bringDatabaseUpToDate(connection, log);
      await replicas.join(cron);
    },
    missing() {
      if (lone !== null) return heldBy(lone);
      if (member.waits_for !== null) return notAnswered(member.waits_for);
      return "the store is being opened or the metrics are being restored";
    },
    async check() {
      try {
        await member.beat();
      } catch (error) {
        const why = whyNotWritten(error);
        throw why === null ? error : new Error(why);
      }
      if (trouble.why !== null) throw new Error(trouble.why);
    },
    up: () => member.up && trouble.why === null,
  };
}

function heldBy({ host, pid, since }: OtherAgent): string {
  return `an agent of an older version works on this database: process ${pid} on ${host}, since ${new Date(since).toISOString()}; this one waits until that ends or is silent`;
}

function notAnswered({ host, pid }: OtherAgent): string {
  return `another agent on this database has not answered yet: process ${pid} on ${host}; this one waits until it does or is silent`;
}
