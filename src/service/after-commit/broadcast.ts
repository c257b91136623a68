import type { Committed } from "../../domain/commit/committed.ts";
import type { AfterCommit } from "../../ports.ts";

/** Tells several views of what was committed, in this order; one that is added to them later is told from then on. */
export function broadcast(views: readonly AfterCommit[]): AfterCommit {
  return {
    observe(committed: Committed) {
      for (const view of views) view.observe(committed);
    },
  };
}
