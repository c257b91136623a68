import type pg from "pg";
import type { Log } from "../../ports.ts";
import { DatabaseError } from "./database-error.ts";

const OLDEST_SERVER = 150_000;
const RETRY_MS = 1000;

/** Refused for good: a wrong password or user, no such database. Trying again would not help. */
const FINAL = /^(28|3D)/;

/**
 * Resolves when the server answers and is new enough. While it is away (not started yet, starting, out of reach) it is asked
 * again each second, and each new reason is logged once.
 */
export async function waitForServer(pool: pg.Pool, log: Log, signal: AbortSignal): Promise<void> {
  let said = "";
  for (;;) {
    signal.throwIfAborted();
    try {
      const { rows } = await pool.query<{ version: number; text: string }>(
        "SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS text",
      );
      const { version, text } = rows[0]!;
      if (version >= OLDEST_SERVER) return;
      throw new DatabaseError(
        "database_too_old",
        `the database server is PostgreSQL ${text}; Sluice needs 15 or newer`,
      );
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      const { code, message } = error as { code?: string; message: string };
      if (code !== undefined && FINAL.test(code)) {
        throw new DatabaseError("database_refused", `DATABASE_URL: the server refused the connection: ${message}`);
      }
      const reason = message || (code ?? "no answer");
      if (reason !== said) log.warn({ reason }, "the database cannot be reached; trying each second");
      said = reason;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
