import type { RunBook } from "../domain/run-book.ts";
import type { Tally } from "../domain/tally.ts";
import type { WindowAddition } from "./add-to-windows.ts";
import type { DriftJudgement } from "./judge-drift.ts";
import type { Rejections } from "./rejections.ts";

/** What the reports of one commit are applied to. */
export interface Applying {
  book: RunBook;
  tally: Tally;
  drift: DriftJudgement;
  /** What is left to be done when the runs have their keys. */
  additions: WindowAddition[];
  rejections: Rejections;
}
