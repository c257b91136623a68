import type { Rejection } from "../../domain/reports/rejection.ts";
import type { RunEntry } from "../../domain/runs/runs-of-commit.ts";
import type { PipelineRow, PlacedRejection, Store } from "../../ports.ts";
import { refusedSubmission } from "./refused-submission.ts";
import { type Arrival, isSubmission, type Outcome, type Submission } from "./submission.ts";

/** Those of pipelines that there are: refused reports make none. The pipelines of the others have been prepared. */
export async function knownRefused(store: Store, arrivals: readonly Arrival[]): Promise<Rejection[]> {
  const refused = arrivals.flatMap((arrival) => (isSubmission(arrival) ? [] : [arrival.rejection]));
  if (refused.length === 0) return refused;
  const names = new Set(refused.map(({ pipeline_name }) => pipeline_name));
  const known = new Set(await store.findPipelines([...names]));
  return refused.filter(({ pipeline_name }) => known.has(pipeline_name));
}

/** Reports that repeat the id of another one. */
export function conflicting(batch: readonly Submission[], outcomes: readonly Outcome[]): Rejection[] {
  return outcomes.flatMap((outcome, i) =>
    outcome === undefined || outcome.accepted ? [] : [refusedSubmission(batch[i]!, outcome.error).rejection],
  );
}

/** What a commit could not use, with the runs that it belongs to. */
export class Rejections {
  readonly #pipelines: ReadonlyMap<string, PipelineRow>;
  /** null: the store finds the run by its name, or by the time. */
  readonly #known: { rejection: Rejection; entry: RunEntry | null }[];

  constructor(pipelines: ReadonlyMap<string, PipelineRow>, refused: readonly Rejection[]) {
    this.#pipelines = pipelines;
    this.#known = refused.map((rejection) => ({ rejection, entry: null }));
  }

  /** What of an accepted report could not be used belongs to its run. */
  ofReport({ rejection }: Submission, entry: RunEntry | null): void {
    if (rejection !== undefined) this.#known.push({ rejection, entry });
  }

  /** When every run has its key. */
  placed(): PlacedRejection[] {
    return this.#known.map(({ rejection, entry }) => ({
      rejection,
      pipeline: this.#pipelines.get(rejection.pipeline_name)!,
      run_key: entry?.key ?? null,
    }));
  }
}
