import Type, { type TProperties, type TSchema } from "typebox";
import {
  Attempt,
  Count,
  FreeText,
  Name,
  ReportId,
  RunId,
  Score,
  Seconds,
  Share,
  Time,
  Traceparent,
  Try,
} from "./fields.ts";

const common = {
  pipeline_name: Name,
  run_id: Type.Optional(RunId),
  attempt: Type.Optional(Attempt),
  try: Type.Optional(Try),
  id: Type.Optional(ReportId),
  at: Type.Optional(Time),
  traceparent: Type.Optional(Traceparent),
};

function body<const P extends TProperties>(properties: P, title: string) {
  return Type.Object({ ...common, ...properties }, { additionalProperties: false, title });
}

/** Evidence that a client could not deliver. */
export const LostItem = Type.Object(
  {
    kind: Type.String({ minLength: 1, maxLength: 40, description: "a report kind: records, quality, drift …" }),
    item: Type.String({
      minLength: 1,
      maxLength: 500,
      description: "what it was about: a stage, a check, a feature; ? where that is not known",
    }),
    why: FreeText,
  },
  { additionalProperties: false, title: "Evidence that a client had to drop" },
);

export const RunBody = body(
  {
    status: Type.Enum(["started", "success", "failed", "skipped", "cancelled"], {
      description: "one of started, success, failed, skipped, cancelled",
    }),
    started_at: Type.Optional(Time),
    finished_at: Type.Optional(Time),
    duration_seconds: Type.Optional(Seconds),
    error: Type.Optional(FreeText),
    will_retry: Type.Optional(Type.Boolean({ description: "true or false; true: a failed attempt, not a failed run" })),
    data_interval_start: Type.Optional(Time),
    data_interval_end: Type.Optional(Time),
    logical_date: Type.Optional(Time),
    resumes: Type.Optional(
      Type.Boolean({
        description:
          "true or false; true: this attempt does part of the work again, and the evidence of the one before stands",
      }),
    ),
    lost: Type.Optional(Type.Array(LostItem, { maxItems: 20, description: "an array of at most 20 dropped items" })),
  },
  "A run started or ended",
);

export const RecordsBody = body(
  {
    stage: Name,
    count: Count,
    failed: Type.Optional(Count),
    expected_min: Type.Optional(Count),
    expected_min_of: Type.Optional(
      Type.Enum(["part", "stage"], { description: "one of part, stage: what expected_min is the least of" }),
    ),
    part: Type.Optional(Name),
  },
  "Records processed by a stage",
);

/** Whether a check that fails may block by itself. */
export const CHECK_SEVERITIES = ["error", "warn"] as const;

const checkFields = {
  check_name: Name,
  score: Score,
  threshold: Type.Optional(Share),
  severity: Type.Optional(Type.Enum([...CHECK_SEVERITIES], { description: `one of ${CHECK_SEVERITIES.join(", ")}` })),
  error: Type.Optional(FreeText),
};

export const CheckBody = Type.Object(checkFields, { additionalProperties: false, title: "A quality check" });

export const QualityBody = body(checkFields, "One quality check");

export const MOST_CHECKS = 10_000;

export const QualityBatchBody = body(
  {
    checks: Type.Array(CheckBody, {
      minItems: 1,
      maxItems: MOST_CHECKS,
      description: `an array of 1 to ${MOST_CHECKS} checks`,
    }),
  },
  "Quality checks",
);

const Latency = Type.Number({ minimum: 0, maximum: 1e6, description: "seconds, a number from 0 to 1e6" });

export const LatencyBody = body(
  {
    operation: Type.Optional(Name),
    seconds: Type.Unsafe<number | number[]>({
      type: ["number", "array"],
      minimum: 0,
      maximum: 1e6,
      minItems: 1,
      maxItems: 100_000,
      items: Latency,
      description: "seconds from 0 to 1e6: a number, or an array of 1 to 100000 numbers",
    }),
  },
  "Measured latencies",
);

export const FreshnessBody = body({ data_through: Time, dataset: Type.Optional(Name) }, "How far the data reaches");

/** What is in these is checked where it is read (domain/drift/histograms), in words that fit a histogram. */
const histogram = {
  counts: Type.Optional(Type.Array(Type.Unknown(), { description: "an array of counts" })),
  edges: Type.Optional(Type.Array(Type.Unknown(), { description: "an array of rising numbers, one more than counts" })),
  values: Type.Optional(Type.Array(Type.Unknown(), { description: "an array of values of one kind, or nulls" })),
  categories: Type.Optional(
    Type.Object({}, { additionalProperties: true, description: "an object of counts by name" }),
  ),
  nulls: Type.Optional(Count),
  folded: Type.Optional(Count),
  kind: Type.Optional(Type.Enum(["numeric", "categorical"], { description: "one of numeric, categorical" })),
  n: Type.Optional(Count),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  mean: Type.Optional(Type.Number()),
  sd: Type.Optional(Type.Number({ minimum: 0, description: "a number from 0 on" })),
  distinct: Type.Optional(Count),
  quantiles: Type.Optional(
    Type.Record(Type.String(), Type.Number(), { maxProperties: 100, description: "numbers by share, as 0.5" }),
  ),
  spikes: Type.Optional(Type.Array(Type.Number(), { maxItems: 1000, description: "an array of numbers" })),
  outside: Type.Optional(
    Type.Object(
      { below: Type.Optional(Count), above: Type.Optional(Count), inf: Count, neg_inf: Count },
      { additionalProperties: false, description: "counts of rows: below, above, inf, neg_inf" },
    ),
  ),
};

const referenceFields = {
  ...histogram,
  bins: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: "a whole number from 1 to 1000" })),
  method: Type.Optional(Type.Enum(["quantile", "uniform"], { description: "one of quantile, uniform" })),
};

const InlineReference = Type.Object(referenceFields, { additionalProperties: false });

/** The histogram of a reference, as it is put. */
export const ReferenceBody = Type.Object(
  { ...referenceFields, note: Type.Optional(FreeText) },
  { additionalProperties: false, title: "A reference" },
);

const FeatureBody = Type.Object(
  { ...histogram, reference: Type.Optional(InlineReference) },
  { additionalProperties: false, description: "a histogram: counts, edges with counts, values, or categories" },
);

export const MOST_FEATURES = 10_000;

export const DriftBody = body(
  {
    features: Type.Unsafe<Record<string, Type.Static<typeof FeatureBody>>>({
      type: "object",
      minProperties: 1,
      maxProperties: MOST_FEATURES,
      propertyNames: Name,
      additionalProperties: FeatureBody,
      description: `an object of 1 to ${MOST_FEATURES} features by name`,
    }),
  },
  "Histograms of features, to be judged against their references",
);

export type ReferenceBody = Type.Static<typeof ReferenceBody>;
export type DriftBody = Type.Static<typeof DriftBody>;
export type RunBody = Type.Static<typeof RunBody>;
export type RecordsBody = Type.Static<typeof RecordsBody>;
export type CheckBody = Type.Static<typeof CheckBody>;
export type QualityBody = Type.Static<typeof QualityBody>;
export type QualityBatchBody = Type.Static<typeof QualityBatchBody>;
export type LatencyBody = Type.Static<typeof LatencyBody>;
export type FreshnessBody = Type.Static<typeof FreshnessBody>;

/** The bodies by the `kind` a batch item carries. Quality has two forms; the one with `checks` is told by that field. */
export const BODY_BY_KIND = {
  run: RunBody,
  records: RecordsBody,
  quality: QualityBody,
  quality_batch: QualityBatchBody,
  latency: LatencyBody,
  freshness: FreshnessBody,
  drift: DriftBody,
} as const satisfies Record<string, TSchema>;

export type BodyForm = keyof typeof BODY_BY_KIND;

export const REPORT_KINDS = ["run", "records", "quality", "latency", "freshness", "drift"] as const;
