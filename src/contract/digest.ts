import Type from "typebox";

const Text = Type.String();
const Nullable = (type: "string" | "number") => Type.Unsafe<string | number | null>({ type: [type, "null"] });

export const DigestQuery = Type.Object(
  {
    period: Type.Enum(["day", "week"], { description: "one of day, week", default: "day" }),
    team: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: "the name of a team" })),
  },
  { additionalProperties: false },
);

/** How pipelines did in the day or week before now. Lists are worst or latest first, and hold 50 items at most. */
export const DigestAnswer = Type.Object({
  period: Text,
  team: Nullable("string"),
  from: Text,
  to: Text,
  title: Text,
  totals: Type.Record(Text, Type.Integer()),
  sla: Type.Array(
    Type.Object({
      pipeline_name: Text,
      total: Type.Integer(),
      passed: Type.Integer(),
      rate: Nullable("number"),
      target: Type.Number(),
      state: Text,
      days: Type.Array(Nullable("number"), {
        description: "the rate of each of the last seven days, UTC; null: no data",
      }),
    }),
  ),
  features: Type.Array(
    Type.Object({
      pipeline_name: Text,
      feature_name: Text,
      verdict: Text,
      psi: Nullable("number"),
      threshold: Type.Number(),
      at: Text,
    }),
  ),
  blocked: Type.Array(
    Type.Object({
      pipeline_name: Text,
      run_id: Nullable("string"),
      at: Text,
      code: Nullable("string"),
      detail: Nullable("string"),
    }),
  ),
  overrides: Type.Array(
    Type.Object({
      pipeline_name: Text,
      decision: Text,
      actor: Text,
      reason: Text,
      created_at: Text,
      expires_at: Text,
    }),
  ),
  silent: Type.Array(Type.Object({ pipeline_name: Text, last_run_at: Text })),
});
