import type { EvidencePlace, SaidPlace } from "../../runs/attempts/attempt-of-evidence.ts";
import type { RunEntry } from "../../runs/run-entry.ts";

/** The attempt and try that evidence states (0: none), and those it is assigned to (attempt-of-evidence.ts). */
export interface StoredPlace extends EvidencePlace {
  attempt: number;
  try: number;
}

export function storedPlace(said: SaidPlace, place: EvidencePlace): StoredPlace {
  return { attempt: said.attempt ?? 0, try: said.try ?? 0, ...place };
}

/** Marks the run as tried: its gauges are read from the store from then on, which knows all tries. */
export function noteTry(entry: RunEntry, { try_no }: EvidencePlace): void {
  if (try_no === 1 || entry.run.tried) return;
  entry.run.tried = true;
  entry.dirty = true;
}
