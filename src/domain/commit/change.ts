import type { RunSummary } from "../runs/run.ts";
import type { Committed } from "./committed.ts";

/** What other agents have to hear of a commit: names, of which they read what is stored, and what their listeners are told. */
export interface Change {
  /** Pipelines of which anything may be another. */
  touched: string[];
  /** Those of them whose gate stays pending, since only evidence of a run that goes on came. */
  undecided: string[];
  /** Pipelines that left. */
  archived: string[];
  runs: RunSummary[];
  verdicts: Committed["features"];
}

export const NO_CHANGE: Change = { touched: [], undecided: [], archived: [], runs: [], verdicts: [] };

/** Whether there is anything to tell. */
export function isChange({ touched, archived }: Change): boolean {
  return touched.length + archived.length > 0;
}
