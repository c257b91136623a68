import { driftReports, type FeatureInput } from "../drift/drift-reports.ts";
import type { References } from "../drift/references.ts";
import { cut } from "./error-text.ts";
import {
  countProblem,
  firstOf,
  type Problems,
  secondsProblem,
  severityProblem,
  shareProblem,
  shown,
  timeProblem,
  wireTime,
} from "./problems.ts";
import type { RunIdentity } from "./run-identity.ts";
import type { Sink } from "./sink.ts";
import type { FreshnessReport, LatencyReport, QualityReport, RecordsReport, Severity, Time } from "./wire.ts";

export interface RecordsOptions {
  /** Of these records, how many failed. */
  failed?: number;
  /** Fewer than this block the gate. */
  expected_min?: number;
  /** Parts of a stage (partitions, files) add up. */
  part?: string;
}

export interface QualityOptions {
  /** The check passes at this score or above; default 0.8. */
  threshold?: number;
  /** warn: does not block by itself. Default error. */
  severity?: Severity;
  /** Why there is no score. */
  error?: string;
}

/**
 * A run that evidence is reported for. No call throws (unless the client is strict), waits or takes longer than
 * microseconds; what is wrong is said once and left out.
 */
export interface Run {
  readonly pipeline_name: string;
  readonly run_id: string;
  readonly attempt: number;
  /** Records that a stage processed; calls of one stage add up. */
  records(stage: string, count: number, options?: RecordsOptions): void;
  /** A check's score, 0 to 1; or null with the error that kept it from being computed. */
  quality(check_name: string, score: number | null, options?: QualityOptions): void;
  /** Seconds that an operation took, one number or many. */
  latency(operation: string, seconds: number | ArrayLike<number>): void;
  /** Runs `work`, reports how long it took (also when it fails), and gives back what it gave. */
  timed<T>(operation: string, work: () => T): T;
  /** How far the data reaches. */
  freshness(data_through: Date | Time, options?: { dataset?: string }): void;
  /**
   * Features, as values or as histograms. Values become histograms here, on the edges of the stored reference (fetched
   * when it is needed, and kept for five minutes); they do not leave the process. The promise is kept when the
   * report is on its way, and never breaks; nobody has to wait for it.
   */
  drift(features: Record<string, FeatureInput>): Promise<void>;
  /** The run ends as skipped: it had nothing to do. For runs of pipeline.run alone. */
  skip(reason?: string): void;
}

export interface RunDeps {
  sink: Sink;
  problems: Problems;
  references: References;
  /** Seconds since some moment, not moved by changes of the clock. */
  clock: () => number;
}

/** Latencies of one report. */
const MOST_SECONDS = 10_000;

export class ReportingRun implements Run {
  readonly pipeline_name: string;
  readonly run_id: string;
  readonly attempt: number;
  /** Set by skip; null: not skipped. */
  skipped: string | null = null;
  readonly #common: RunIdentity;
  readonly #deps: RunDeps;

  constructor(identity: RunIdentity, deps: RunDeps) {
    this.pipeline_name = identity.pipeline_name;
    this.run_id = identity.run_id;
    this.attempt = identity.attempt;
    this.#common = identity;
    this.#deps = deps;
  }

  records(stage: string, count: number, options: RecordsOptions = {}): void {
    const { failed, expected_min, part } = options;
    const problem =
      this.#deps.problems.name("stage", stage) ??
      countProblem("count", count) ??
      (failed === undefined ? null : countProblem("failed", failed)) ??
      (expected_min === undefined ? null : countProblem("expected_min", expected_min)) ??
      (part === undefined ? null : this.#deps.problems.name("part", part));
    if (problem !== null) {
      this.#refuse(`records(${shown(stage)})`, problem);
      return;
    }
    const report: RecordsReport = { kind: "records", ...this.#common, stage, count, failed, expected_min, part };
    this.#deps.sink.put(report);
  }

  quality(check_name: string, score: number | null, options: QualityOptions = {}): void {
    const { threshold, severity, error } = options;
    const problem = firstOf(
      this.#deps.problems.name("check_name", check_name),
      threshold === undefined ? null : shareProblem("threshold", threshold),
      severity === undefined ? null : severityProblem(severity),
    );
    if (problem !== null) {
      this.#refuse(`quality(${shown(check_name)})`, problem);
      return;
    }
    const common = { kind: "quality" as const, ...this.#common, check_name };
    const scoreProblem = this.#scoreProblem(score, error);
    if (scoreProblem !== null) {
      // Left out, the check would look as if nobody had asked; this way no gate takes it for a pass.
      const text = `not computed: ${scoreProblem}`;
      this.#deps.sink.put({ ...common, score: null, threshold, severity, error: text } satisfies QualityReport);
      this.#tell(`quality(${shown(check_name)})`, scoreProblem);
      return;
    }
    const text = error === undefined ? undefined : cut(error);
    this.#deps.sink.put({ ...common, score, threshold, severity, error: text } satisfies QualityReport);
  }

  #scoreProblem(score: number | null, error: string | undefined): string | null {
    if (error !== undefined && typeof error !== "string") return `error: ${shown(error)} given; must be a text`;
    if (score !== null) return shareProblem("score", score);
    return error === undefined ? "score: null given without { error }; say why it could not be computed" : null;
  }

  latency(operation: string, seconds: number | ArrayLike<number>): void {
    const all = typeof seconds === "object" && seconds !== null ? Array.from(seconds) : [seconds];
    const wrong = all.find((one) => secondsProblem("seconds", one) !== null);
    const problem = firstOf(
      this.#deps.problems.name("operation", operation),
      all.length > 0 && all.includes(wrong as number) ? secondsProblem("seconds", wrong) : null,
    );
    if (problem !== null) {
      this.#refuse(`latency(${shown(operation)})`, problem);
      return;
    }
    const common = { kind: "latency" as const, ...this.#common, operation };
    for (let i = 0; i < all.length; i += MOST_SECONDS) {
      const some = all.slice(i, i + MOST_SECONDS);
      this.#deps.sink.put({ ...common, seconds: some.length === 1 ? some[0]! : some } satisfies LatencyReport);
    }
  }

  timed<T>(operation: string, work: () => T): T {
    const start = this.#deps.clock();
    const done = () => this.latency(operation, Math.max(0, this.#deps.clock() - start));
    let result: T;
    try {
      result = work();
    } catch (error) {
      done();
      throw error;
    }
    if (!isPromise(result)) {
      done();
      return result;
    }
    // The pipeline's own promise is given back; this branch of it must not become an unhandled rejection.
    result.then(done, done);
    return result;
  }

  freshness(data_through: Date | Time, { dataset }: { dataset?: string } = {}): void {
    const problem = firstOf(
      timeProblem("data_through", data_through),
      dataset === undefined ? null : this.#deps.problems.name("dataset", dataset),
    );
    if (problem !== null) {
      this.#refuse("freshness", problem);
      return;
    }
    const report: FreshnessReport = {
      kind: "freshness",
      ...this.#common,
      data_through: wireTime(data_through),
      dataset,
    };
    this.#deps.sink.put(report);
  }

  drift(features: Record<string, FeatureInput>): Promise<void> {
    const { sink, problems, references } = this.#deps;
    const work = driftReports(this.#common, features, {
      problems,
      references,
      put: (report) => sink.put(report),
      refuse: (problem) => this.#refuse("drift", problem),
    });
    sink.later(work);
    return work;
  }

  skip(reason = ""): void {
    this.skipped = String(reason);
  }

  #refuse(call: string, problem: string): void {
    this.#deps.sink.refuse(`${this.pipeline_name}: ${call}: ${problem}`);
  }

  #tell(call: string, problem: string): void {
    this.#deps.sink.tell(`${this.pipeline_name}: ${call}: ${problem}`);
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null)?.then === "function";
}
