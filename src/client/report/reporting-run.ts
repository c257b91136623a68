import { driftReports } from "../drift/drift-reports.ts";
import type { References } from "../drift/references.ts";
import type { FeaturesGiven } from "../histogram/feature.ts";
import type { Losses } from "../losses/losses.ts";
import { nameOr, recordsItem } from "../losses/lost-of-line.ts";
import { cut } from "./error-text.ts";
import { qualityProblem, recordsProblem } from "./evidence-problems.ts";
import { plainNumber } from "./plain-number.ts";
import {
  type Problems,
  secondsProblem,
  severityProblem,
  shareProblem,
  shown,
  timeProblem,
  wireTime,
} from "./problems.ts";
import { Refusals } from "./refusals.ts";
import type { DriftOptions, QualityOptions, RecordsOptions, RunHandle } from "./run.ts";
import type { RunIdentity } from "./run-identity.ts";
import { type FieldsOf, identityJson, type Sink } from "./sink.ts";
import type { Time } from "./wire.ts";

export interface RunDeps {
  sink: Sink;
  problems: Problems;
  references: References;
  losses: Losses;
  /** Seconds since some moment, not moved by changes of the clock. */
  clock: () => number;
}

/** Latencies of one report. */
const MOST_SECONDS = 10_000;

export class ReportingRun implements RunHandle {
  readonly pipeline_name: string;
  readonly run_id: string;
  readonly attempt: number;
  /** Set by skip; null: not skipped. */
  skipped: string | null = null;
  /** What every report of it begins with. */
  readonly #common: string;
  /** What evidence says of it unless a call says otherwise. */
  readonly #try: number | undefined;
  readonly #deps: RunDeps;
  readonly #refusals: Refusals;

  constructor(identity: RunIdentity, nth: number | undefined, deps: RunDeps) {
    this.pipeline_name = identity.pipeline_name;
    this.run_id = identity.run_id;
    this.attempt = identity.attempt ?? 1;
    this.#common = identityJson(identity);
    this.#try = nth;
    this.#deps = deps;
    this.#refusals = new Refusals(deps, identity, this.#common);
  }

  records(stage: string, count: number | bigint | string, options?: RecordsOptions): void {
    const { failed, expected_min, expected_min_of, part, try: nth = this.#try } = options ?? {};
    const fields = {
      stage,
      count: plainNumber(count),
      failed: plainNumber(failed),
      expected_min: plainNumber(expected_min),
      expected_min_of,
      part,
      try: nth,
    };
    const item = recordsItem(stage, part);
    const why = recordsProblem(fields, this.#deps.problems);
    if (why !== null) {
      this.#refusals.add({ kind: "records", item, why, fields, problem: `records(${shown(stage)}): ${why}` });
      return;
    }
    this.#deps.sink.put("records", this.#common, fields as FieldsOf<"records">);
    this.#refusals.replaced("records", item);
  }

  quality(check_name: string, score: number | string | null, options?: QualityOptions): void {
    const { error, try: nth = this.#try, ...rest } = options ?? {};
    const call = `quality(${shown(check_name)})`;
    const fields = {
      check_name,
      score: plainNumber(score),
      threshold: plainNumber(rest.threshold),
      severity: rest.severity,
      error: error instanceof Error ? String(error) : error,
      try: nth,
    };
    const unnamed = this.#deps.problems.name("check_name", check_name);
    if (unnamed !== null) {
      this.#refusals.add({ kind: "quality", item: "?", why: unnamed, fields, problem: `${call}: ${unnamed}` });
      return;
    }
    const why = qualityProblem(fields);
    if (why === null) {
      const text = fields.error === undefined ? undefined : cut(fields.error);
      this.#deps.sink.put("quality", this.#common, { ...fields, error: text } as FieldsOf<"quality">);
      this.#refusals.replaced("quality", check_name);
      return;
    }
    // Left out, the check would look as if nobody had asked; this way no gate takes it for a pass.
    const threshold = shareProblem("threshold", fields.threshold) === null ? fields.threshold : undefined;
    const severity = severityProblem(fields.severity) === null ? fields.severity : undefined;
    const failed = { check_name, score: null, threshold, severity, error: `not computed: ${why}`, try: this.#try };
    this.#deps.sink.put("quality", this.#common, failed as FieldsOf<"quality">);
    this.#tell(call, why);
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

  freshness(data_through: Date | Time, options?: { dataset?: string }): void {
    const { dataset } = options ?? {};
    const problem =
      timeProblem("data_through", data_through) ??
      (dataset === undefined ? null : this.#deps.problems.name("dataset", dataset));
    if (problem !== null) {
      this.#refuse("freshness", problem);
      return;
    }
    this.#deps.sink.put("freshness", this.#common, { data_through: wireTime(data_through), dataset });
  }

  drift(features: FeaturesGiven, options?: DriftOptions): Promise<void> {
    const { sink, problems, references } = this.#deps;
    const { try: nth = this.#try, kinds } = options ?? {};
    const work = driftReports(this.pipeline_name, features, kinds ?? {}, {
      problems,
      references,
      put: (reported) => {
        sink.put("drift", this.#common, { features: reported, try: nth });
        for (const name of Object.keys(reported)) this.#refusals.replaced("drift", name);
      },
      refuse: ({ feature_name, problem, why }) =>
        this.#refusals.add({
          kind: "drift",
          item: nameOr(feature_name),
          problem: `drift: ${problem}`,
          why,
          // Not even a wrong value leaves the process.
          fields: { features: { [String(feature_name).slice(0, 300)]: {} } },
        }),
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
