import { DAY } from "../../words/time.ts";
import type { Run } from "../run.ts";
import type { RunEntry } from "../run-entry.ts";
import { type EvidencePlace, placeOfEvidence, type SaidPlace, samePlaces } from "./attempt-of-evidence.ts";

/**
 * The counts of a pipeline that never reports a start or end (policy `run: off`) are those of the latest UTC day with a count:
 * otherwise they would grow for ever. Days are numbered from 1970-01-01, which is 1, and take the
 * place of attempts until a start or an end is known.
 */
export function placeOfRecords(run: Run, said: SaidPlace): EvidencePlace {
  const place = placeOfEvidence(run.attempts, said);
  return countsByDay(run) ? { ...place, attempt_no: Math.floor(said.at / DAY) + 1 } : place;
}

export function countsByDay({ runless, attempts }: Pick<Run, "runless" | "attempts">): boolean {
  return runless && attempts.length === 0;
}

/** Whether stored evidence of a run now belongs to other attempts than it was stored in. */
export function standsElsewhere({ key, placed, run }: RunEntry): boolean {
  if (key === null) return false;
  if (placed === null || !samePlaces(placed, run.attempts)) return true;
  return run.runless && placed.length === 0 && run.attempts.length > 0;
}
