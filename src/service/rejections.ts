import type { Rejection } from "../domain/rejection.ts";
import type { RunBook, RunEntry } from "../domain/run-book.ts";
import type { PipelineRow, PlacedRejection, Store } from "../ports.ts";
import { refusedSubmission } from "./refused-submission.ts";
import { type Arrival, isSubmission, type Outcome, type Submission } from "./submission.ts";

/** A refused report with its place among the good ones of a commit: so many came before it. */
export interface PlacedRefused {
  rejection: Rejection;
  place: number;
}

/** Those of pipelines that there are: refused reports make none. The pipelines of the others have been prepared. */
export async function knownRefused(store: Store, arrivals: readonly Arrival[]): Promise<PlacedRefused[]> {
  const refused: PlacedRefused[] = [];
  const names = new Set<string>();
  let place = 0;
  for (const arrival of arrivals) {
    if (isSubmission(arrival)) place++;
    else {
      refused.push({ rejection: arrival.rejection, place });
      names.add(arrival.rejection.pipeline_name);
    }
  }
  if (refused.length === 0) return refused;
  const known = new Set(await store.findPipelines([...names]));
  return refused.filter(({ rejection }) => known.has(rejection.pipeline_name));
}

/** Reports that repeat the id of another one. */
export function conflicting(batch: readonly Submission[], outcomes: readonly Outcome[]): PlacedRefused[] {
  const refused: PlacedRefused[] = [];
  outcomes.forEach((outcome, place) => {
    if (outcome === undefined || outcome.accepted) return;
    refused.push({ rejection: refusedSubmission(batch[place]!, outcome.error).rejection, place });
  });
  return refused;
}

/** What a commit could not use, with the runs that it belongs to. */
export class Rejections {
  readonly #book: RunBook;
  readonly #pipelines: ReadonlyMap<string, PipelineRow>;
  /** In their places. */
  readonly #waiting: readonly PlacedRefused[];
  #next = 0;
  readonly #placed: { rejection: Rejection; entry: RunEntry | null; run_key: number | null }[] = [];

  constructor(book: RunBook, pipelines: ReadonlyMap<string, PipelineRow>, waiting: readonly PlacedRefused[]) {
    this.#book = book;
    this.#pipelines = pipelines;
    this.#waiting = waiting.toSorted((a, b) => a.place - b.place);
  }

  /** Those that came before the report at this place belong to the run-less run that is open now, where they name no run. */
  placeUntil(place: number): void {
    while (this.#next < this.#waiting.length && this.#waiting[this.#next]!.place <= place) {
      const { rejection } = this.#waiting[this.#next++]!;
      const { pipeline_name, run_id } = rejection;
      const open = run_id === null ? this.#book.openRun(pipeline_name) : null;
      // Not asked for in this commit: it is what it was before.
      const before = run_id === null && open === undefined ? this.#pipelines.get(pipeline_name)!.open_run_key : null;
      this.#placed.push({ rejection, entry: open ?? null, run_key: before });
    }
  }

  /** What of an accepted report could not be used belongs to its run. */
  ofReport({ rejection }: Submission, entry: RunEntry | null): void {
    if (rejection !== undefined && entry !== null) this.#placed.push({ rejection, entry, run_key: null });
  }

  /** When every run has its key. */
  placed(): PlacedRejection[] {
    return this.#placed.map(({ rejection, entry, run_key }) => ({
      rejection,
      pipeline: this.#pipelines.get(rejection.pipeline_name)!,
      run_key: entry?.key ?? run_key,
    }));
  }
}
