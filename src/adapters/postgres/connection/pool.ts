import pg from "pg";
import { clientOf, Servers, severalServers, withoutOptions } from "./servers.ts";
import { readValue } from "./values/read-values.ts";

export interface SessionOptions {
  /** A `postgres://` URL, the servers that one names, or where the embedded server listens. */
  connection: string | Servers | { host: string; port: number; user: string; database: string };
  /** Milliseconds after which a statement is given up, and its connection with it. */
  statementTimeout: number;
  name: string;
  /** Server settings of its sessions. */
  settings?: Readonly<Record<string, string>>;
}

export interface PoolOptions extends SessionOptions {
  size: number;
}

/**
 * For sessions that write: every statement finds its rows by key, whatever the statistics of a young table say. A plan that is
 * made and kept while a table is empty would scan all of it later.
 */
export const BY_KEY = {
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  plan_cache_mode: "force_generic_plan",
  jit: "off",
};

/** The database may be told otherwise for a role; what is stored, found and read does not depend on it. */
export const PINNED = {
  // What values look like on their way there and back.
  client_encoding: "UTF8",
  TimeZone: "UTC",
  DateStyle: "ISO,MDY",
  IntervalStyle: "postgres",
  extra_float_digits: "1",
  bytea_output: "hex",
  array_nulls: "on",
  xmlbinary: "base64",
  standard_conforming_strings: "on",
  transform_null_equals: "off",
  // Which tables are meant, and what of them is seen.
  search_path: "public",
  row_security: "on",
  gin_fuzzy_search_limit: "0",
  // What a transaction is, and that an acknowledged one is durable.
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  default_transaction_deferrable: "off",
  synchronous_commit: "on",
  // Waiting ends with the statement; an agent that sleeps amid a transaction does not keep the next one waiting.
  lock_timeout: "0",
  idle_in_transaction_session_timeout: "10s",
  idle_session_timeout: "0",
};

/** Says that the settings of the session reached the server: a pooler in between swallows them. */
export const SESSION_MARK = "sluice.session";

/** A pool whose connections speak UTC and milliseconds. The caller listens to its `error` event: idle connections may break. */
export function createPool({ size, ...options }: PoolOptions): pg.Pool {
  const { Client, config } = sessionOf(options);
  return new pg.Pool({ ...config, max: size, Client: Client as NonNullable<pg.PoolConfig["Client"]> });
}

/** A connection by itself, as those of a pool are; not connected yet. The caller listens to its `error` event. */
export function createClient(options: SessionOptions): pg.Client {
  const { Client, config } = sessionOf(options);
  return new Client(config);
}

interface Session {
  Client: typeof pg.Client;
  config: pg.ClientConfig;
}

function sessionOf({ connection, statementTimeout, name, settings = {} }: SessionOptions): Session {
  // The driver says a time limit only where there is one.
  const statement_timeout = String(statementTimeout);
  const ours = Object.entries({ ...PINNED, statement_timeout, [SESSION_MARK]: "on", ...settings }).map(
    ([setting, value]) => `-c ${setting}=${value.replaceAll(" ", "\\ ")}`,
  );
  const { Client, options, place } = placeOf(connection);
  const config = {
    ...place,
    application_name: name,
    // The later ones win.
    options: [...options, ...ours].join(" "),
    connectionTimeoutMillis: 5000,
    query_timeout: statementTimeout,
    statement_timeout: statementTimeout,
    keepAlive: true,
    types: { getTypeParser: readValue as typeof pg.types.getTypeParser },
  };
  return { Client, config };
}

function placeOf(connection: SessionOptions["connection"]) {
  const servers = typeof connection === "string" ? severalServers(connection) : connection;
  if (servers instanceof Servers) return { Client: clientOf(servers), options: servers.options, place: {} };
  if (typeof connection !== "string") return { Client: pg.Client, options: [], place: servers as object };
  const { url, options } = withoutOptions(connection);
  return { Client: pg.Client, options, place: { connectionString: url } };
}
