import type pg from "pg";
import { boolean, identifier, nullable, text } from "../statement/columns.ts";
import { select, statement } from "../statement/statement.ts";
import { PARTITIONED } from "./partitions.ts";

/** How long one step waits for those who still look at a month. */
const PATIENCE_MS = 5_000;

/** Another agent, or somebody who looks on for longer, is in the way: the next retention goes on. */
const LATER = new Set([
  "55P03", // lock_not_available
  "57014", // query_canceled
  "40P01", // deadlock_detected
  "55000", // object_not_in_prerequisite_state: another month of the table is being detached
  "42P01", // undefined_table: dropped by another agent
]);

/**
 * The months of a table. `until` is null where one was detached and not dropped, because its agent ended in between. `detaching`:
 * a detach began and did not end.
 */
export const MONTHS_OF = statement(
  "months_of",
  { name: identifier, until: nullable(text), detaching: boolean },
  `SELECT c.relname AS name, substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \\(''([^'']+)''\\)') AS until,
          coalesce(i.inhdetachpending, false) AS detaching
     FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    WHERE i.inhparent = to_regclass($1)
       OR (i.inhrelid IS NULL AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
           AND c.relname ~ ('^' || $1 || '_\\d{4}_\\d\\d$'))
    ORDER BY detaching DESC, c.relname`,
);

/**
 * Drops the months of history that ended before `before` (milliseconds), and answers their names. A month is taken out of its
 * table first, without a lock that anybody waits behind: who reads it goes on reading, who comes later does not see it. What
 * somebody looks at for longer than `patience` (milliseconds) is dropped by a later call.
 */
export async function dropMonths(db: pg.Pool, before: number, patience = PATIENCE_MS): Promise<string[]> {
  const client = await db.connect();
  const dropped: string[] = [];
  let broken: Error | undefined;
  try {
    await client.query("SELECT set_config('lock_timeout', $1, false)", [`${patience}ms`]);
    for (const table of PARTITIONED) {
      for (const { name, until, detaching } of await select(client, MONTHS_OF, [table])) {
        if (endOf(name, until) > before) continue;
        if (await unlessInTheWay(() => dropMonth(client, table, name, { detached: until === null, detaching }))) {
          dropped.push(name);
        }
      }
    }
    await client.query("RESET lock_timeout");
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
  return dropped;
}

async function dropMonth(
  client: pg.PoolClient,
  table: string,
  name: string,
  { detached, detaching }: { detached: boolean; detaching: boolean },
): Promise<void> {
  if (!detached) {
    await client.query(`ALTER TABLE ${table} DETACH PARTITION ${name} ${detaching ? "FINALIZE" : "CONCURRENTLY"}`);
  }
  await client.query(`DROP TABLE IF EXISTS ${name}`);
}

async function unlessInTheWay(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (LATER.has((error as { code?: string }).code ?? "")) return false;
    throw error;
  }
}

/** Milliseconds; of a month that is no part of its table any more, by its name. */
function endOf(name: string, until: string | null): number {
  if (until !== null) return Date.parse(`${until.replace(" ", "T")}:00`);
  const [year, month] = name.split("_").slice(-2).map(Number) as [number, number];
  return new Date(0).setUTCFullYear(year, month, 1);
}
