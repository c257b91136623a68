import type { Tally } from "../../domain/commit/tally.ts";
import type { RunsOfCommit } from "../../domain/runs/runs-of-commit.ts";
import type { WindowAddition } from "../drift/add-to-windows.ts";
import type { DriftJudgement } from "../drift/judge-drift.ts";
import type { Rejections } from "./rejections.ts";

/** What the reports of one commit are applied to. */
export interface Applying {
  book: RunsOfCommit;
  tally: Tally;
  drift: DriftJudgement;
  /** What is left to be done when the runs have their keys. */
  additions: WindowAddition[];
  rejections: Rejections;
}
