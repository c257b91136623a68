import Type from "typebox";
import { Attempt, Count, FreeText, Name, ReportId, Traceparent } from "./fields.ts";

/** The formats of other systems that histograms are taken in; docs/formats.md says what of each is read. */
export const FORMATS = [
  "sagemaker",
  "tfdv",
  "great_expectations",
  "openlineage",
  "prometheus",
  "otlp",
  "evidently",
] as const;

export type FormatName = (typeof FORMATS)[number];

/** Those that may tell shares of the rows without their number, which `n` then is. */
export const FORMATS_OF_SHARES: readonly FormatName[] = ["great_expectations", "openlineage"];

const Format = Type.Enum([...FORMATS], { description: `one of ${FORMATS.join(", ")}` });

/** Rows with a value. */
const n = Type.Optional(Count);

/** With `format`, the body of POST /v1/drift is a document of that format, and what else a report has stands here. */
export const DriftQuery = Type.Object(
  {
    format: Type.Optional(Format),
    pipeline_name: Type.Optional(Name),
    // A + arrives as a space; this is checked as the run_id it was.
    run_id: Type.Optional(Type.String()),
    attempt: Type.Optional(Attempt),
    id: Type.Optional(ReportId),
    at: Type.Optional(Type.String()),
    traceparent: Type.Optional(Traceparent),
    feature_name: Type.Optional(Name),
    n,
  },
  { additionalProperties: false },
);

export const ReferenceQuery = Type.Object(
  { format: Type.Optional(Format), note: Type.Optional(FreeText), n },
  { additionalProperties: false },
);

export const ReferencesQuery = Type.Object(
  { format: Format, note: Type.Optional(FreeText), n },
  { additionalProperties: false },
);

export type DriftQuery = Type.Static<typeof DriftQuery>;
export type ReferenceQuery = Type.Static<typeof ReferenceQuery>;
export type ReferencesQuery = Type.Static<typeof ReferencesQuery>;
