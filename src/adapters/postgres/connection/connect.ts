import type pg from "pg";
import type { Log } from "../../../ports.ts";
import { DatabaseError } from "./database-error.ts";
import { checkFitness, unfit } from "./server-fitness.ts";

const RETRY_MS = 1000;

/** Refused for good: a wrong password or user, no such database. Trying again would not help. */
const FINAL = /^(28|3D)/;

/**
 * Resolves when the server answers and is fit for an agent. While it is away (not started yet, starting, out of reach) it is
 * asked again each second, and each new reason is logged once.
 */
export async function waitForServer(pool: pg.Pool, log: Log, signal: AbortSignal): Promise<void> {
  let said = "";
  for (;;) {
    signal.throwIfAborted();
    try {
      return await checkFitness(pool);
    } catch (error) {
      const reason = unfit(error);
      if (reason !== null) throw reason;
      const { code, message } = error as { code?: string; message: string };
      if (code !== undefined && FINAL.test(code)) {
        throw new DatabaseError("database_refused", `DATABASE_URL: the server refused the connection: ${message}`);
      }
      const words = message || (code ?? "no answer");
      if (words !== said) log.warn({ reason: words }, "the database cannot be reached; trying each second");
      said = words;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
