import type pg from "pg";
import { StoreError } from "../../../ports.ts";

/** Inside a transaction: fails where this agent may not write what is to be written. */
export type Guard = (client: pg.ClientBase) => Promise<void>;

/** For a store by itself. */
export const NO_GUARD: Guard = async () => {};

/** The others have given this agent up: nothing may be written any more. */
export function givenUp(): StoreError {
  const message = "other agents have given this one up, since it was silent: it may write no more";
  return new StoreError("unavailable", message, {});
}

/** Another agent holds the lease, so that this one may not do what its holder does. */
export function leaseLost(): StoreError {
  return new StoreError("unavailable", "another agent holds the lease", {});
}

/** One transaction under a guard, for what is written beside the reports. */
export async function underGuard<T>(
  db: pg.Pool,
  guard: Guard,
  work: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const client = await db.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    await guard(client);
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
