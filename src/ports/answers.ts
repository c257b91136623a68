import type { FeatureVerdict } from "../domain/drift/drift.ts";

/** What a run report is answered: the run as it stands then. */
export interface RunAnswer {
  pipeline_name: string;
  run_id: string;
  status: string;
  attempt: number;
  started_at: string | null;
  finished_at: string | null;
  duration_seconds: number | null;
}

/** A verdict as it is answered and read. */
export type VerdictAnswer = Omit<
  FeatureVerdict,
  "feature_name" | "alpha" | "reference" | "current" | "counts" | "mismatch"
> & {
  reference_version: string | null;
  /** Of an `errored` one: why there is nothing to say of it. */
  code?: string;
  detail?: string;
  /** Of a feature that is summed in windows: the verdict is on the window so far, and was given only where it says so. */
  window?: { start: string; end: string; judged: boolean };
};

/** What was answered to a report beside `duplicate`; kept with its id, so that the same id is answered the same. */
export type Answer =
  | { run: RunAnswer }
  | { features: Record<string, VerdictAnswer | ErroredAnswer>; ambiguous?: string[] }
  /** A failure without a run_id that counts for several runs: their run_ids. */
  | { ambiguous: string[] };

/** A feature that could not be read at all. */
export interface ErroredAnswer {
  verdict: "errored";
  code: string;
  detail: string;
}
