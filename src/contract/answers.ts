import Type, { type TSchema } from "typebox";

/** What the routes answer. Used for OpenAPI; the routes' own code makes the values. */

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Text = Type.String();
const When = Type.String({ format: "date-time" });
const Amount = Type.Number();

/** RFC 9457; `code` is one of docs/errors.md. */
export const Problem = Type.Object({
  type: Text,
  title: Text,
  status: Type.Integer(),
  detail: Text,
  code: Text,
  errors: Type.Optional(Type.Array(Type.Object({ path: Text, message: Text }))),
  request_id: Type.Optional(Text),
});

export const RunReportAnswer = Type.Object({
  duplicate: Type.Boolean(),
  run: Type.Object({
    pipeline_name: Text,
    run_id: Text,
    status: Text,
    attempt: Type.Integer(),
    started_at: Nullable(When),
    finished_at: Nullable(When),
    duration_seconds: Nullable(Amount),
  }),
});

/** A part of a report that cannot be used; the others were. */
const BadPart = { item: Text, code: Text, detail: Text };
/** `pipeline_names`: the first thousand of those that match. */
export const ArchivedAnswer = Type.Object({
  dry_run: Type.Boolean(),
  matched: Type.Integer(),
  archived: Type.Integer(),
  pipeline_names: Type.Array(Text),
});
/** The run_ids that a failure without a run_id counts for, where they are several; at most 20, those that started last. */
export const Ambiguous = Type.Optional(Type.Array(Text));

export const QualityAnswer = Type.Object({
  duplicate: Type.Boolean(),
  checks: Type.Array(
    Type.Object({
      check_name: Text,
      score: Nullable(Amount),
      threshold: Amount,
      passed: Nullable(Type.Boolean()),
    }),
  ),
  errors: Type.Optional(Type.Array(Type.Object(BadPart))),
  ambiguous: Ambiguous,
});

/** `errors`: columns that cannot be used; the others were. */
export const SchemaReportAnswer = Type.Object({
  duplicate: Type.Boolean(),
  errors: Type.Optional(Type.Array(Type.Object(BadPart))),
});

export const ReportAnswer = Type.Object({ duplicate: Type.Boolean() });

export const BatchAnswer = Type.Object({
  accepted: Type.Integer(),
  duplicates: Type.Integer(),
  rejected: Type.Array(Type.Object({ index: Type.Integer(), code: Text, detail: Text })),
  errors: Type.Array(Type.Object({ index: Type.Integer(), ...BadPart })),
});

const SlaState = Type.Enum(["ok", "breaching", "no_data"]);

const SlaCount = {
  total: Type.Integer(),
  passed: Type.Integer(),
  excluded: Type.Integer(),
  rate: Nullable(Amount),
  state: SlaState,
};

export const SlaAnswer = Type.Object({
  pipeline_name: Text,
  kind: Text,
  from: When,
  to: When,
  ...SlaCount,
  target: Amount,
  error_budget: Type.Object({ total: Amount, remaining: Amount }),
  // Of kind run, where the window begins before it: counted as 0.1 did until then, each end of a run and each cancelled one.
  meaning_since: Type.Optional(When),
});

export const PipelineSlaAnswer = Type.Object({
  ...SlaAnswer.properties,
  checks: Type.Array(Type.Object({ check_name: Text, ...SlaCount })),
  days: Type.Optional(Type.Array(Type.Object({ day: Text, ...SlaCount }))),
});

export function ListOf<T extends TSchema>(item: T) {
  return Type.Object({ items: Type.Array(item), next_cursor: Nullable(Text) });
}

const Run = {
  pipeline_name: Text,
  run_id: Text,
  status: Text,
  attempt: Type.Integer(),
  started_at: Nullable(When),
  finished_at: Nullable(When),
  duration_seconds: Nullable(Amount),
};

export const RunAnswer = Type.Object({
  ...Run,
  error: Nullable(Text),
  data_interval_start: Nullable(When),
  data_interval_end: Nullable(When),
  traceparent: Nullable(Text),
});

const CheckAnswer = Type.Object({
  check_name: Text,
  score: Nullable(Amount),
  threshold: Amount,
  passed: Nullable(Type.Boolean()),
  severity: Text,
  error: Nullable(Text),
  checked_at: When,
});

const StageAnswer = Type.Object({
  stage: Text,
  count: Amount,
  failed: Nullable(Amount),
  expected_min: Nullable(Amount),
});

export const RunDetailAnswer = Type.Object({
  ...RunAnswer.properties,
  attempts: Type.Array(
    Type.Object({
      attempt: Type.Integer(),
      status: Text,
      started_at: Nullable(When),
      finished_at: Nullable(When),
      duration_seconds: Nullable(Amount),
      error: Nullable(Text),
    }),
  ),
  stages: Type.Array(StageAnswer),
  checks: Type.Array(CheckAnswer),
  rejected: Type.Array(Type.Object({ kind: Text, item: Text, at: When, code: Text, why: Text })),
});

export const PipelineAnswer = Type.Object({
  pipeline_name: Text,
  born_at: When,
  last_success_at: Nullable(When),
  last_failure_at: Nullable(When),
  last_run: Nullable(Type.Object(Run)),
});

export const PipelineDetailAnswer = Type.Object({
  ...PipelineAnswer.properties,
  last_run: Nullable(RunDetailAnswer),
  datasets: Type.Array(Type.Object({ dataset: Text, data_through: When })),
  sla: PipelineSlaAnswer,
});

export const QualityRowAnswer = Type.Object({
  pipeline_name: Text,
  check_name: Text,
  score: Amount,
  threshold: Amount,
  passed: Type.Boolean(),
  severity: Text,
  run_id: Nullable(Text),
  attempt: Type.Integer(),
  excluded: Type.Boolean(),
  checked_at: When,
  recorded_at: When,
});
