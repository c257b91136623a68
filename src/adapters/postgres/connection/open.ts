import type pg from "pg";
import type { Log } from "../../../ports.ts";
import type { OnStop } from "../../process/teardown.ts";
import { createPool, type PoolOptions } from "./pool.ts";
import { severalServers } from "./servers.ts";

export { createClient as openClient } from "./pool.ts";

export interface DatabaseSettings {
  database_url: string | null;
  data_dir: string;
  listen: { host: string; port: number };
}

/** Where the database is: the configured server, or an embedded one that is started here. */
export async function openDatabase(
  { database_url, data_dir, listen }: DatabaseSettings,
  log: Log,
  onStop: OnStop,
): Promise<PoolOptions["connection"]> {
  // All connections share what one of them finds out about several servers.
  if (database_url !== null) return severalServers(database_url) ?? database_url;
  const { startEmbeddedPostgres } = await import("../embedded/start-embedded-postgres.ts");
  const owner = `http://${listen.host}:${listen.port}`;
  const embedded = await startEmbeddedPostgres({ dataDir: data_dir, owner }, log);
  onStop("embedded Postgres", () => embedded.stop());
  return embedded.connection;
}

export function openPool(options: PoolOptions, log: Log, onStop: OnStop): pg.Pool {
  const pool = createPool(options);
  // An idle connection that breaks is taken out of the pool; the next statement makes a new one.
  pool.on("error", (error) => log.warn({ err: error, pool: options.name }, "a database connection broke"));
  // One that breaks while it is lent out fails the statement it runs; without a listener it would end the agent.
  pool.on("connect", (client) => client.on("error", () => {}));
  onStop(options.name, () => pool.end());
  return pool;
}
