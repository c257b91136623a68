import type pg from "pg";
import { StoreError } from "../../../ports.ts";
import { boolean } from "../statement/columns.ts";
import { execute, statement } from "../statement/statement.ts";

/** The number under which this agent holds the database; null: nobody has to hold it (a store by itself). */
export type Fence = () => number | null;

export const NO_FENCE: Fence = () => null;

/** Finds the row only under the own number, and keeps others from taking the database until the transaction ends. */
export const HELD = statement(
  "held",
  { held: boolean },
  "SELECT true AS held FROM agent_holder WHERE fence = $1::bigint FOR KEY SHARE",
);

/** Another agent holds the database: nothing may be written any more. */
export function takenOver(): StoreError {
  return new StoreError("unavailable", "another agent holds the database: this one may write no more", {});
}

/** Fails where another agent has taken the database. Inside a transaction nobody takes it before that ends. */
export async function requireHeld(client: pg.ClientBase, fence: Fence): Promise<void> {
  const number = fence();
  if (number === null) return;
  if ((await execute(client, HELD, [number])) === 0) throw takenOver();
}

/** One transaction that is begun under the fence, for what is written beside the reports. */
export async function underFence<T>(
  db: pg.Pool,
  fence: Fence,
  work: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const client = await db.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    await requireHeld(client, fence);
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    broken = await client.query("ROLLBACK").then(
      () => undefined,
      (second) => second as Error,
    );
    throw error;
  } finally {
    client.release(broken);
  }
}
