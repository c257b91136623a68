import Type from "typebox";
import { Count, FreeText } from "../fields.ts";

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

/** A feature of a drift report. */
export const FeatureBody = Type.Object(
  { ...histogram, reference: Type.Optional(InlineReference) },
  { additionalProperties: false, description: "a histogram: counts, edges with counts, values, or categories" },
);

export type ReferenceBody = Type.Static<typeof ReferenceBody>;
