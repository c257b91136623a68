import pg from "pg";
import { createPool } from "../../adapters/postgres/connection/pool.ts";
import { AGENT_CONNECTIONS, checkFitness, unfit } from "../../adapters/postgres/connection/server-fitness.ts";
import { clientOf, type Servers, severalServers } from "../../adapters/postgres/connection/servers.ts";
import { readMigrations } from "../../adapters/postgres/migrate.ts";
import { redact } from "../../config.ts";
import { type AgentPlace, bad, type Finding, ok, warn } from "./finding.ts";
import { checkSkew } from "./skew.ts";

const TIMEOUT_MS = 5_000;
/** The server that DATABASE_URL names: reachable, new enough, ours to write, its clock ours. */
export async function checkDatabase({ config, edge }: AgentPlace): Promise<Finding[]> {
  const url = config.database_url!;
  const servers = severalServers(url);
  let client: pg.Client;
  try {
    client = await connectToWriter(url, servers);
  } catch (error) {
    return [bad("store", `${redact(url)} cannot be reached: ${reasonOf(error)}`, mendOf(error))];
  }
  try {
    return [
      ...(await serverFindings(client, redact(url))),
      ...(await fitnessFindings(servers ?? url)),
      ...(await skewFindings(client, edge.now)),
    ];
  } catch (error) {
    return [bad("store", `${redact(url)} does not answer: ${reasonOf(error)}`, "look into the server's log")];
  } finally {
    await client.end().catch(() => {});
  }
}

/** Of several servers the one that takes writes; where none does, why the last one does not. */
async function connectToWriter(url: string, servers: Servers | null): Promise<pg.Client> {
  const Client = servers === null ? pg.Client : clientOf(servers);
  for (let left = servers?.count ?? 1; ; ) {
    const client = new Client({
      ...(servers === null && { connectionString: url }),
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
      application_name: "sluice-doctor",
    });
    client.on("error", () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      left--;
      if (left === 0) throw error;
    }
  }
}

async function serverFindings(client: pg.Client, name: string): Promise<Finding[]> {
  const { rows } = await client.query<{
    version: number;
    text: string;
    may_create: boolean;
    free: number;
    migrated: boolean;
  }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS text,
            has_schema_privilege('public', 'CREATE') AS may_create,
            current_setting('max_connections')::int - (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS free,
            to_regclass('public.migration') IS NOT NULL AS migrated`,
  );
  const { version, text, may_create, free, migrated } = rows[0]!;
  if (version < 150_000) {
    return [bad("store", `${name} is PostgreSQL ${text}`, "use PostgreSQL 15 or newer")];
  }
  const findings = [ok("store", `${name}, PostgreSQL ${text}`)];
  if (!may_create) {
    findings.push(
      bad("store", "its user may not create tables", "make it the owner: CREATE DATABASE sluice OWNER <user>"),
    );
  }
  if (free < AGENT_CONNECTIONS) {
    const mend = `raise max_connections: an agent uses ${AGENT_CONNECTIONS}`;
    findings.push(warn("store", `it has ${free} connections left`, mend));
  }
  return [...findings, await schemaFinding(client, migrated)];
}

/** What would end the start of an agent, asked as an agent asks. */
async function fitnessFindings(connection: string | Servers): Promise<Finding[]> {
  const pool = createPool({ connection, size: 1, statementTimeout: TIMEOUT_MS, name: "sluice-doctor" });
  pool.on("error", () => {});
  try {
    await checkFitness(pool);
    return [];
  } catch (error) {
    const reason = unfit(error);
    if (reason === null || reason.code === "database_too_old") return [];
    const [detail = "", mend = ""] = reason.message.replace("DATABASE_URL: ", "").split("; ");
    return [bad("store", detail, mend)];
  } finally {
    await pool.end();
  }
}

async function schemaFinding(client: pg.Client, migrated: boolean): Promise<Finding> {
  const known = new Set((await readMigrations()).map(({ number }) => number));
  if (!migrated) return ok("schema", "none yet; the first start makes it");
  const { rows } = await client.query<{ number: number; breaking: boolean }>(
    "SELECT number, breaking FROM public.migration",
  );
  const newer = rows.find(({ number, breaking }) => breaking && !known.has(number));
  if (newer !== undefined) {
    return bad("schema", `a newer version of Sluice made it (migration ${newer.number})`, "start that version");
  }
  const missing = [...known].filter((number) => !rows.some((row) => row.number === number));
  const detail = missing.length === 0 ? "up to date" : `the next start adds migration ${missing.join(", ")}`;
  return ok("schema", detail);
}

async function skewFindings(client: pg.Client, now: () => number): Promise<Finding[]> {
  const before = now();
  const { rows } = await client.query<{ ms: number }>(
    "SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms",
  );
  return checkSkew("the database's", rows[0]!.ms - (before + now()) / 2);
}

function reasonOf(error: unknown): string {
  const { message, code, errors } = error as { message: string; code?: string; errors?: Error[] };
  const text = message || (errors ?? []).map((one) => one.message).join("; ");
  return redact(code === undefined ? text : `${text} (${code})`);
}

function mendOf(error: unknown): string {
  const { code = "" } = error as { code?: string };
  if (code.startsWith("28")) return "DATABASE_URL names a user or a password that the server does not take";
  if (code === "3D000") return "make the database: CREATE DATABASE sluice OWNER <user>";
  return "start the server, or mend the host and port of DATABASE_URL";
}
