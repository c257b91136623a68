import Type, { type TProperties, type TSchema } from "typebox";
import { FeatureBody } from "./drift/histogram-bodies.ts";
import {
  Actor,
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

export const MOST_COLUMNS = 10_000;

/** Names of columns are data: any text is one. */
export const ColumnBody = Type.Object(
  {
    name: Type.String({ maxLength: 10_000, description: "the name of a column, a text of at most 10000 characters" }),
    type: Type.String({
      minLength: 1,
      maxLength: 10_000,
      description: "a type as the system calls it, such as int64, varchar(20) or ARRAY<STRING>",
    }),
    nullable: Type.Optional(Type.Boolean({ description: "true or false" })),
  },
  { additionalProperties: false, title: "A column", description: "a column: name, type and perhaps nullable" },
);

const columns = Type.Array(ColumnBody, {
  maxItems: MOST_COLUMNS,
  description: `an array of at most ${MOST_COLUMNS} columns`,
});
const complete = Type.Optional(
  Type.Boolean({
    description: "true or false; true: these are all columns, so that one that is not among them is gone",
  }),
);

export const SchemaBody = body({ columns, dataset: Type.Optional(Name), complete }, "The columns of a dataset");

/** The schema that a dataset has to have. */
export const DeclaredSchemaBody = Type.Object(
  { columns, dataset: Type.Optional(Name), complete, actor: Actor },
  { additionalProperties: false, title: "A declared schema" },
);

export type ColumnBody = Type.Static<typeof ColumnBody>;
export type SchemaBody = Type.Static<typeof SchemaBody>;
export type DeclaredSchemaBody = Type.Static<typeof DeclaredSchemaBody>;
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
  schema: SchemaBody,
} as const satisfies Record<string, TSchema>;

export type BodyForm = keyof typeof BODY_BY_KIND;

export const REPORT_KINDS = ["run", "records", "quality", "latency", "freshness", "drift", "schema"] as const;
