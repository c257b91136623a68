import Type, { type TSchema } from "typebox";
import { Ambiguous } from "../answers.ts";

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Text = Type.String();
const When = Type.String({ format: "date-time" });
const Amount = Type.Number();

export const Verdict = Type.Object({
  verdict: Type.Enum(["drifted", "stable", "inconclusive", "no_data", "no_reference", "errored"]),
  psi: Nullable(Amount),
  threshold: Amount,
  p_value: Nullable(Amount),
  critical_psi: Nullable(Amount),
  n_reference: Amount,
  n_current: Amount,
  reference_version: Nullable(Text),
  measures: Type.Object({
    js_distance: Nullable(Amount),
    hellinger: Nullable(Amount),
    ks: Nullable(Amount),
    chi_square_p: Nullable(Amount),
    wasserstein: Type.Optional(Amount),
  }),
  bins: Type.Array(Type.Object({ label: Text, expected: Amount, actual: Amount })),
  rebin_error: Type.Optional(Amount),
  decided_by: Type.Optional(Type.Array(Text)),
  rows_needed: Type.Optional(Nullable(Amount)),
  held_back_by: Type.Optional(Type.Enum(["chance", "rebin_error"])),
  code: Type.Optional(Text),
  detail: Type.Optional(Text),
});

/** A feature that could not be read. */
const Errored = Type.Object({ verdict: Type.Literal("errored"), code: Text, detail: Text });

/** `window`: the feature is summed in windows, and the verdict is on the window so far; judged: it was given and counts. */
const ReportedVerdict = Type.Object({
  ...Verdict.properties,
  window: Type.Optional(Type.Object({ start: When, end: When, judged: Type.Boolean() })),
});

export const DriftAnswer = Type.Object({
  duplicate: Type.Boolean(),
  features: Type.Record(Text, Type.Union([ReportedVerdict, Errored])),
  ambiguous: Ambiguous,
});

export const ReadVerdictAnswer = Type.Object({
  feature_name: Text,
  run_id: Nullable(Text),
  at: When,
  alpha: Amount,
  ...Verdict.properties,
  detectable_psi: Type.Optional(Amount),
  detectable_shift: Type.Optional(Amount),
});

export const ReferenceAnswer = Type.Object({
  pipeline_name: Text,
  feature_name: Text,
  version: Text,
  active: Type.Boolean(),
  kind: Type.Enum(["numeric", "positional", "categorical"]),
  edges: Type.Optional(Type.Array(Amount)),
  counts: Type.Optional(Type.Array(Amount)),
  categories: Type.Optional(Type.Record(Text, Amount)),
  nulls: Amount,
  rule: Amount,
  folded: Type.Optional(Amount),
  min: Type.Optional(Amount),
  max: Type.Optional(Amount),
  mean: Type.Optional(Amount),
  sd: Type.Optional(Amount),
  distinct: Type.Optional(Amount),
  quantiles: Type.Optional(Type.Record(Text, Amount)),
  spikes: Type.Optional(Type.Array(Amount)),
  outside: Type.Optional(
    Type.Object({ below: Type.Optional(Amount), above: Type.Optional(Amount), inf: Amount, neg_inf: Amount }),
  ),
  n: Amount,
  source: Type.Enum(["put", "promoted", "inline"]),
  run_id: Nullable(Text),
  note: Nullable(Text),
  created_at: When,
  activated_at: Nullable(When),
});

export const ActivatedAnswer = Type.Object({ ...ReferenceAnswer.properties, verdict: Nullable(Verdict) });
