import type { Clock, Store } from "../../ports.ts";

const EVERY_MS = 10 * 60_000;

/** What is called each second: adds the SLA up a little at a time until nothing is left, and again after ten minutes. */
export function foldingSla({ store, clock }: { store: Pick<Store, "foldSla">; clock: Clock }): () => Promise<void> {
  let due = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now();
    if (now < due) return;
    if (!(await store.foldSla(now))) due = now + EVERY_MS;
  };
}
