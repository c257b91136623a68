import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { treeSeconds } from "./processor.ts";

/** What one report cost, on average. */
export type Cost = {
  /** Processor time of the agent, and of PostgreSQL with all its processes. */
  agent_us: number;
  postgres_us: number;
  wal_bytes: number;
  /** What the database has grown by: tables, indexes, and the space that old versions of rows still take. */
  stored_bytes: number;
};

/** Reads before and after a load what an agent and its PostgreSQL have spent. */
export class Meter {
  readonly #agent: number;
  readonly #postmaster: number;
  readonly #client: pg.Client;

  private constructor(agent: number, postmaster: number, client: pg.Client) {
    this.#agent = agent;
    this.#postmaster = postmaster;
    this.#client = client;
  }

  static async on(agentPid: number, database_url: string): Promise<Meter> {
    const client = new pg.Client(database_url);
    await client.connect();
    return new Meter(agentPid, await postmasterPid(client), client);
  }

  /** `reports` of the load's result: those that were acknowledged. */
  async during<R extends { reports: number }>(load: () => Promise<R>): Promise<R & Cost> {
    const before = await this.#read();
    const result = await load();
    const after = await this.#read();
    const each = (key: keyof typeof before) => (after[key] - before[key]) / result.reports;
    return {
      ...result,
      agent_us: each("agent_seconds") * 1e6,
      postgres_us: each("postgres_seconds") * 1e6,
      wal_bytes: each("wal_bytes"),
      stored_bytes: each("stored_bytes"),
    };
  }

  async stop(): Promise<void> {
    await this.#client.end();
  }

  async #read() {
    const { rows } = await this.#client.query<{ wal: string; stored: string }>(
      "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS wal, pg_database_size(current_database()) AS stored",
    );
    return {
      agent_seconds: treeSeconds(this.#agent),
      postgres_seconds: treeSeconds(this.#postmaster),
      wal_bytes: Number(rows[0]!.wal),
      stored_bytes: Number(rows[0]!.stored),
    };
  }
}

/** The process that all of a server's others descend from. The server runs on this machine. */
export async function postmasterPid(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
  return Number(readFileSync(join(rows[0]!.data_directory, "postmaster.pid"), "utf8").split("\n")[0]);
}
