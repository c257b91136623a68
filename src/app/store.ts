import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Cron } from "../adapters/cron/cron.ts";
import { waitForServer } from "../adapters/postgres/connection/connect.ts";
import { openDatabase, openPool } from "../adapters/postgres/connection/open.ts";
import { BY_KEY } from "../adapters/postgres/connection/pool.ts";
import { StorageTrouble } from "../adapters/postgres/connection/storage-trouble.ts";
import { bringDatabaseUpToDate } from "../adapters/postgres/migrate.ts";
import { postgresReader } from "../adapters/postgres/read/reader.ts";
import { AgentHold, HEARTBEAT_EVERY_MS, type Holder, whyNotWritten } from "../adapters/postgres/replicas/agent-hold.ts";
import { hasEnded, ownProcess } from "../adapters/postgres/replicas/own-process.ts";
import { PostgresStore } from "../adapters/postgres/store.ts";
import type { OnStop } from "../adapters/process/teardown.ts";
import type { Config } from "../config.ts";
import type { Log, Reader, Store } from "../ports.ts";

const STATEMENT_TIMEOUT_MS = 30_000;
/** A list that takes longer is given up, so that one who asks for much does not keep the others waiting. */
const LIST_TIMEOUT_MS = 15_000;
/** Rates of everything are summed beside all else, and nobody waits for them. */
const SUM_TIMEOUT_MS = 60_000;
const HEARTBEAT_TIMEOUT_MS = 5_000;

export interface OpenStore {
  store: Store;
  /** Lists and sums; what gates are decided and answered from has connections of its own. */
  reader: Reader;
  /** For sums over all that is stored: one at a time, and with the time they take. */
  sums: Pick<Reader, "slaCounts">;
  /** What writes beside the reports, and the number it writes under. */
  write: { pool: pg.Pool; fence: () => number | null };
  hold: AgentHold;
  /** Whether it can be written to, as far as is known. */
  up(): boolean;
  /** Resolves when the schema is up to date and this agent holds the database. */
  take(cron: Cron): Promise<void>;
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
  /** Another agent has taken the database. */
  onLost: () => void;
}

/** The database with its pools, each of which waits for no other. */
export async function openStore({ config, log, onStop, signal, onLost }: StoreOptions): Promise<OpenStore> {
  const connection = await openDatabase(config, log, onStop);
  const pool = (name: string, size: number, statementTimeout: number, settings = {}) =>
    openPool({ connection, size, statementTimeout, name, settings }, log, onStop);
  const holdPool = pool("sluice-hold", 1, HEARTBEAT_TIMEOUT_MS);
  const writePool = pool("sluice-write", 3, STATEMENT_TIMEOUT_MS, BY_KEY);
  const gatePool = pool("sluice-gate", 2, STATEMENT_TIMEOUT_MS);
  const listPool = pool("sluice-read", 4, LIST_TIMEOUT_MS);
  const sumPool = pool("sluice-sums", 1, SUM_TIMEOUT_MS);
  const hold = new AgentHold({
    pool: holdPool,
    own: ownProcess(),
    hasEnded,
    alone: config.database_url === null,
    log,
    now: () => performance.now(),
    sleep: (ms) => sleep(ms, undefined, { ref: false }),
    signal,
    onLost,
  });
  const trouble = new StorageTrouble(() => performance.now());
  onStop("database hold", () => hold.letGo());
  return {
    store: new PostgresStore(writePool, hold.fence, trouble.heard),
    reader: postgresReader(listPool, gatePool),
    sums: postgresReader(sumPool),
    write: { pool: writePool, fence: hold.fence },
    hold,
    async take(cron) {
      await waitForServer(holdPool, log, signal);
      // A newer agent does not change the schema under one that works. Where there is no holder yet there is no table for it.
      if (await hasHolders(holdPool)) await hold.take();
      if (hold.fence() !== null) beat(cron);
      await bringDatabaseUpToDate(connection, log);
      if (hold.fence() !== null) return;
      await hold.take();
      beat(cron);
    },
    missing() {
      const { waits_for } = hold;
      if (waits_for !== null) return heldBy(waits_for);
      return "the store is being opened or the metrics are being restored";
    },
    async check() {
      try {
        await hold.beat();
      } catch (error) {
        const why = whyNotWritten(error);
        throw why === null ? error : new Error(why);
      }
      if (trouble.why !== null) throw new Error(trouble.why);
    },
    up: () => hold.up && trouble.why === null,
  };

  function beat(cron: Cron): void {
    cron.every(HEARTBEAT_EVERY_MS, "heartbeat", () => hold.beat());
  }
}

async function hasHolders(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ there: boolean }>("SELECT to_regclass('agent_holder') IS NOT NULL AS there");
  return rows[0]!.there;
}

function heldBy({ host, pid, since }: Holder): string {
  return `another agent works on this database: process ${pid} on ${host}, since ${new Date(since).toISOString()}; this one waits until that ends or is silent`;
}
