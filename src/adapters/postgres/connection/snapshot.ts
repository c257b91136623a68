import type pg from "pg";
import { statement } from "../statement/statement.ts";
import { type Query, queryOf } from "./query.ts";

export const BEGIN_SNAPSHOT = statement("begin_snapshot", {}, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
export const END_SNAPSHOT = statement("end_snapshot", {}, "COMMIT");

/**
 * All that is asked in `work` sees the store as it is when it is asked first, however many ways it takes. Statements are prepared
 * once a connection, so that their plans have to be right whatever grows: the connections are of those that find rows by key
 * (pool.ts). After a failure the connection is thrown away.
 */
export async function inSnapshot<T>(db: pg.Pool, work: (query: Query) => Promise<T>): Promise<T> {
  const client = await db.connect();
  let failure: Error | undefined;
  try {
    const query = queryOf(client);
    // Not waited for: it travels with the first statement, and where it fails that one fails too.
    query(BEGIN_SNAPSHOT, []);
    const result = await work(query);
    await query(END_SNAPSHOT, []);
    return result;
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    client.release(failure);
  }
}
