import { identifier, integer, nullable, text } from "../statement/columns.ts";
import { type Db, select, statement } from "../statement/statement.ts";
import { DatabaseError } from "./database-error.ts";
import { SESSION_MARK } from "./pool.ts";

const OLDEST_SERVER = 150_000;
/** Connections of an agent at work: its pools, and one while it migrates. */
export const AGENT_CONNECTIONS = 12;

/** PgBouncer's answer to what it does not know of a startup packet, under the SQLSTATE of a protocol violation. */
const PROTOCOL_VIOLATION = "08P01";

export const FITNESS = statement(
  "server_fitness",
  {
    version: integer,
    text: text,
    encoding: text,
    marked: nullable(text),
    role: identifier,
    role_limit: integer,
    database: identifier,
    database_limit: integer,
  },
  `
  SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS text,
         current_setting('server_encoding') AS encoding, current_setting('${SESSION_MARK}', true) AS marked,
         r.rolname AS role, CASE WHEN r.rolsuper THEN -1 ELSE r.rolconnlimit END AS role_limit,
         d.datname AS database, CASE WHEN r.rolsuper THEN -1 ELSE d.datconnlimit END AS database_limit
    FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`,
);

/** Refuses a database on which an agent could not work, or would not keep what it was told as it was told. */
export async function checkFitness(db: Db): Promise<void> {
  const rows = await select(db, FITNESS);
  const { version, text, encoding, marked, role, role_limit, database, database_limit } = rows[0]!;
  if (version < OLDEST_SERVER) {
    throw new DatabaseError("database_too_old", `the database server is PostgreSQL ${text}; Sluice needs 15 or newer`);
  }
  if (marked !== "on") throw poolerBetween();
  if (encoding !== "UTF8") {
    throw new DatabaseError(
      "database_refused",
      `DATABASE_URL: the encoding of the database ${database} is ${encoding}, which cannot hold every name; make one in UTF8: CREATE DATABASE sluice ENCODING 'UTF8' TEMPLATE template0`,
    );
  }
  refuseLimit(`the user ${role}`, role_limit, `ALTER ROLE ${role} CONNECTION LIMIT ${AGENT_CONNECTIONS}`);
  refuseLimit(
    `the database ${database}`,
    database_limit,
    `ALTER DATABASE ${database} CONNECTION LIMIT ${AGENT_CONNECTIONS}`,
  );
}

/** What is wrong for good, of an error that a connection or `checkFitness` ended with; null: it may pass. */
export function unfit(error: unknown): DatabaseError | null {
  if (error instanceof DatabaseError) return error;
  const { code, message } = error as { code?: string; message: string };
  return code === PROTOCOL_VIOLATION && message.includes("startup parameter") ? poolerBetween() : null;
}

/** A pooler says itself that it does not take the settings of the session, or drops them without a word. */
function poolerBetween(): DatabaseError {
  return new DatabaseError(
    "database_refused",
    "DATABASE_URL: the settings of the session do not reach the server, so a pooler such as PgBouncer stands in between; name PostgreSQL itself: the agent pools its own connections",
  );
}

function refuseLimit(whose: string, limit: number, mend: string): void {
  if (limit < 0 || limit >= AGENT_CONNECTIONS) return;
  throw new DatabaseError(
    "database_refused",
    `DATABASE_URL: ${whose} may open ${limit} connections, and an agent opens up to ${AGENT_CONNECTIONS}; raise it: ${mend}`,
  );
}
