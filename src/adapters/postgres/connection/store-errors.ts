import { StoreError } from "../../../ports.ts";

const CONFLICT = new Set(["40001", "40P01", "55P03"]);

/**
 * What an error of the driver means to the caller, by its SQLSTATE: 22, 23 and 54 blame the data, 40 another transaction,
 * 42 our own SQL, and
 * everything else (a lost connection, a full disk, a server that is starting or read-only) the store.
 */
export function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const sqlstate = sqlstateOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const again = isMissingPartition(error) || isRepeatedId(error);
  const reason = isOurMistake(error) ? "broken" : again ? "conflict" : reasonOf(sqlstate);
  return new StoreError(reason, message, { sqlstate, cause: error });
}

function isOurMistake(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}

/** A month was dropped behind our back: it is made again, and the reports are tried again. */
function isMissingPartition(error: unknown): boolean {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return code === "23514" && constraint === undefined;
}

/** An id that was stored before, or is being stored by another agent: the next try expects it. */
export function isRepeatedId(error: unknown): boolean {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return code === "23505" && constraint === "report_id_pkey";
}

function reasonOf(sqlstate: string | undefined): StoreError["reason"] {
  if (sqlstate === undefined) return "unavailable";
  if (CONFLICT.has(sqlstate)) return "conflict";
  if (/^(22|23|54)/.test(sqlstate)) return "refused";
  return sqlstate.startsWith("42") && sqlstate !== "42501" ? "broken" : "unavailable";
}

function sqlstateOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
