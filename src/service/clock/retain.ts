import { DAY } from "../../domain/words/time.ts";
import type { Clock, Log, Store } from "../../ports.ts";

/** The same id means the same report for so long. */
const IDS_KEPT = 7 * DAY;

/** Deletes what is older than the retention (milliseconds), and ids past their time. Safe to run twice at once. */
export async function retain(deps: { store: Store; clock: Clock; log: Log; retention: number }): Promise<void> {
  const now = deps.clock.now();
  // Next month's tables are there before anybody needs them.
  await deps.store.prepare({ pipeline_names: [], names: [], times: [now, now + 7 * DAY] });
  const ids = await deps.store.deleteReportIds(now - IDS_KEPT);
  // A day more than the retention: a report that was just young enough when it came in still finds its month.
  const dropped = await deps.store.dropHistory(now - deps.retention - DAY);
  if (ids > 0 || dropped.length > 0) deps.log.info({ ids, dropped }, "old history deleted");
}
