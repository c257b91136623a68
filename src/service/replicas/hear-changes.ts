import type { Change } from "../../domain/commit/change.ts";
import { nothingCommitted } from "../../domain/commit/committed.ts";
import type { AfterCommit, Store } from "../../ports.ts";
import type { InDoubt } from "../under-locks/in-doubt.ts";

export interface HearDeps {
  store: Pick<Store, "restoreGates">;
  /** Told of what was read, as of a commit of this agent's own. */
  afterCommit: AfterCommit;
  doubt: Pick<InDoubt, "add">;
  /** Whether this agent shows the metrics of the domain, or is about to: then the totals are read again too, between two commits. */
  shows: () => boolean;
}

/** Pipelines a statement. */
const AT_ONCE = 1000;

/** Shows what others committed: whole states, as they are stored now, so that hearing of one twice is harmless. Throws StoreError. */
export async function hearChanges(
  { store, afterCommit, doubt, shows }: HearDeps,
  changes: readonly Change[],
): Promise<void> {
  const archived = changes.flatMap((change) => change.archived);
  if (archived.length > 0) afterCommit.observe({ ...nothingCommitted(), archived });
  const touched = new Set(changes.flatMap((change) => change.touched));
  const decides = decidedBy(changes);
  const decided = [...decides];
  if (shows()) doubt.add(touched);
  for (let from = 0; from < decided.length; from += AT_ONCE) {
    afterCommit.observe(await store.restoreGates(decided.slice(from, from + AT_ONCE)));
  }
  afterCommit.observe({
    ...nothingCommitted(),
    undecided: [...touched].filter((name) => !decides.has(name)),
    touched: [...touched],
    run_changes: changes.flatMap(({ runs }) => runs),
    features: changes.flatMap(({ verdicts }) => verdicts),
  });
}

/** Pipelines whose stored decision may be another. */
function decidedBy(changes: readonly Change[]): Set<string> {
  const decided = new Set<string>();
  for (const { touched, undecided } of changes) {
    const pending = new Set(undecided);
    for (const name of touched) if (!pending.has(name)) decided.add(name);
  }
  return decided;
}
