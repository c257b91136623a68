import { StoreError } from "../../ports.ts";

/** Tries in all. Each begins at once: the transaction that won the conflict has ended, and its locks are waited for. */
const TRIES = 5;

/** Repeats work whose transaction was rolled back by a deadlock or a serialization conflict: nothing of it was kept. */
export async function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreError) || error.reason !== "conflict" || tries === TRIES) throw error;
    }
  }
}
