import { driftReports } from "../drift/drift-reports.ts";
import type { References } from "../drift/references.ts";
import type { FeatureInput } from "../histogram/feature.ts";
import { cut } from "./error-text.ts";
import {
  countProblem,
  type Problems,
  secondsProblem,
  severityProblem,
  shareProblem,
  shown,
  timeProblem,
  wireTime,
} from "./problems.ts";
import type { QualityOptions, RecordsOptions, Run } from "./run.ts";
import type { RunIdentity } from "./run-identity.ts";
import { identityJson, type Sink } from "./sink.ts";
import type { Time } from "./wire.ts";

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
  /** What every report of it begins with. */
  readonly #common: string;
  readonly #deps: RunDeps;

  constructor(identity: RunIdentity, deps: RunDeps) {
    this.pipeline_name = identity.pipeline_name;
    this.run_id = identity.run_id;
    this.attempt = identity.attempt;
    this.#common = identityJson(identity);
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
    this.#deps.sink.put("records", this.#common, { stage, count, failed, expected_min, part });
  }

  quality(check_name: string, score: number | null, options: QualityOptions = {}): void {
    const { threshold, severity, error } = options;
    const problem =
      this.#deps.problems.name("check_name", check_name) ??
      (threshold === undefined ? null : shareProblem("threshold", threshold)) ??
      (severity === undefined ? null : severityProblem(severity));
    if (problem !== null) {
      this.#refuse(`quality(${shown(check_name)})`, problem);
      return;
    }
    const wrongScore = this.#scoreProblem(score, error);
    if (wrongScore === null) {
      const text = error === undefined ? undefined : cut(error);
      this.#deps.sink.put("quality", this.#common, { check_name, score, threshold, severity, error: text });
      return;
    }
    // Left out, the check would look as if nobody had asked; this way no gate takes it for a pass.
    const text = `not computed: ${wrongScore}`;
    this.#deps.sink.put("quality", this.#common, { check_name, score: null, threshold, severity, error: text });
    this.#tell(`quality(${shown(check_name)})`, wrongScore);
  }

  #scoreProblem(score: number | null, error: string | undefined): string | null {
    if (error !== undefined && typeof error !== "string") return `error: ${shown(error)} given; must be a text`;
    if (score !== null) return shareProblem("score", score);
    return error === undefined ? "score: null given without { error }; say why it could not be computed" : null;
  }

  latency(operation: string, seconds: number | ArrayLike<number>): void {
    const isMany = typeof seconds === "object" && seconds !== null;
    const problem =
      this.#deps.problems.name("operation", operation) ??
      (isMany ? firstWrongSeconds(seconds) : secondsProblem("seconds", seconds));
    if (problem !== null) {
      this.#refuse(`latency(${shown(operation)})`, problem);
      return;
    }
    if (!isMany) {
      this.#deps.sink.put("latency", this.#common, { operation, seconds });
      return;
    }
    const all = Array.from(seconds);
    for (let i = 0; i < all.length; i += MOST_SECONDS) {
      this.#deps.sink.put("latency", this.#common, { operation, seconds: all.slice(i, i + MOST_SECONDS) });
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
    const problem =
      timeProblem("data_through", data_through) ??
      (dataset === undefined ? null : this.#deps.problems.name("dataset", dataset));
    if (problem !== null) {
      this.#refuse("freshness", problem);
      return;
    }
    this.#deps.sink.put("freshness", this.#common, { data_through: wireTime(data_through), dataset });
  }

  drift(features: Record<string, FeatureInput>): Promise<void> {
    const { sink, problems, references } = this.#deps;
    const work = driftReports(this.pipeline_name, features, {
      problems,
      references,
      put: (reported) => sink.put("drift", this.#common, { features: reported }),
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

function firstWrongSeconds(seconds: ArrayLike<number>): string | null {
  for (let i = 0; i < seconds.length; i++) {
    const problem = secondsProblem(`seconds[${i}]`, seconds[i]);
    if (problem !== null) return problem;
  }
  return null;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null)?.then === "function";
}
