import type { HistogramBody } from "./histogram/feature.ts";
import type { RunHandle } from "./report/run.ts";
import type { Time } from "./report/wire.ts";

export interface AttachOptions {
  /**
   * 1 or more: which time the run is done, under the same run_id. Unsaid, the agent tells them apart by their times. Say it where
   * starts and ends come from several clocks.
   */
  attempt?: number;
  /** 1 or more: which repetition of a part of the work inside its attempt (the scheduler's try). The greatest one speaks. */
  try?: number;
  /** W3C trace context, so that the run links to its trace. */
  traceparent?: string;
}

export interface RunOptions extends AttachOptions {
  /**
   * Default: a new one. The scheduler's own, where there is one. Counts of one attempt add up; done again, a run starts empty.
   */
  run_id?: string;
  /** This attempt does a part of the work again, and the rest of the evidence stands (a "clear" of some tasks). */
  resumes?: boolean;
  /** The date the run is about, where that is not when it started: it orders runs. */
  logical_date?: Date | Time;
  data_interval_start?: Date | Time;
  data_interval_end?: Date | Time;
  /** The scheduler will try again: a failure is a failed attempt and not a failed run. */
  will_retry?: boolean;
}

export interface Pipeline {
  readonly name: string;
  /**
   * Runs `work` and reports that it started, how long it took, and how it ended. What `work` gives or throws comes back
   * untouched, once its end was handed over: to the agent in some milliseconds, to the spool where that is away (at
   * most flushDeadlineSeconds later, and at once where it is known to be away).
   */
  run<T>(work: (run: RunHandle) => T | PromiseLike<T>, options?: RunOptions): Promise<T>;
  /** For a task that is a part of a run: what it reports is evidence of that run, and does not end it. */
  attach(run_id: string, options?: AttachOptions): RunHandle;
  /**
   * Stores a histogram as the reference of a feature (see referenceFrom); the key needs the role `reference`.
   *
   * @throws SluiceError when the agent cannot be reached or refuses it
   */
  setReference(
    feature_name: string,
    histogram: HistogramBody,
    options?: { note?: string },
  ): Promise<{ version: string }>;
}
