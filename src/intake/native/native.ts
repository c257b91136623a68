import { type BodyCheck, compileCheck, show } from "../../contract/check.ts";
import {
  BODY_BY_KIND,
  type BodyForm,
  type CheckBody,
  type DriftBody,
  type FreshnessBody,
  type LatencyBody,
  type QualityBatchBody,
  type QualityBody,
  REPORT_KINDS,
  type RecordsBody,
  type RunBody,
  type SchemaBody,
} from "../../contract/reports.ts";
import { bucketsOfOperation, latencyBucketsOf, VECTOR_SEARCH } from "../../domain/reports/buckets.ts";
import type { DriftFeature, QualityCheck, Report, ReportKind } from "../../domain/reports/report.ts";
import { nfc } from "../../domain/words/nfc.ts";
import { cleanText, saidText } from "../../domain/words/text.ts";
import { SluiceError } from "../../errors.ts";
import type { HistogramInput } from "../../histogram/histogram-input.ts";
import { cleanHistogram } from "./clean-histogram.ts";
import { Fields, invalid, notATime } from "./fields.ts";
import { goodParts } from "./good-parts.ts";
import { type IntakeOptions, refuseTimes, whenTrue } from "./report-times.ts";
import { readSchemaFields, withRefused } from "./schema.ts";

export type { IntakeOptions } from "./report-times.ts";

/** Sluice's own reports: a parsed JSON body becomes a domain report, or a SluiceError that names every wrong field. */

const DEFAULT_THRESHOLD = 0.8;
/** Most categories of all features of one report and their inline references together. */
const MOST_CATEGORIES_OF_A_REPORT = 100_000;

const checks = Object.fromEntries(
  Object.entries(BODY_BY_KIND).map(([form, schema]) => [form, compileCheck(schema)]),
) as Record<BodyForm, BodyCheck>;

export function isReportKind(kind: unknown): kind is ReportKind {
  return (REPORT_KINDS as readonly unknown[]).includes(kind);
}

/** One item of a batch: a body with its `kind`. */
export function readItem(item: unknown, options: IntakeOptions): Report {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    throw invalid([{ path: "", message: `${show(item)} given; each item must be an object with a kind` }]);
  }
  const { kind, ...body } = item as Record<string, unknown>;
  if (!isReportKind(kind)) {
    const given = kind === undefined ? "missing" : `${show(kind)} given`;
    throw invalid([{ path: "kind", message: `${given}; must be one of ${REPORT_KINDS.join(", ")}` }]);
  }
  return readReport(kind, body, options);
}

/** Bad checks of a quality report, bad features of a drift report and bad columns leave the others alone, as long as one is good. */
export function readReport(kind: ReportKind, body: unknown, options: IntakeOptions): Report {
  const form = formOf(kind, body);
  try {
    return readWhole(form, body, options);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== "invalid_report") throw error;
    const parts = goodParts(form, body, (one) => readWhole(form, one, options));
    if (parts === null) throw error;
    const report = readWhole(form, parts.body, options);
    return report.kind === "schema" ? withRefused(report, parts) : ({ ...report, rejected: parts.rejected } as Report);
  }
}

function readWhole(form: BodyForm, body: unknown, options: IntakeOptions): Report {
  const wrong = checks[form](body);
  if (wrong !== null) throw invalid(wrong);
  const fields = new Fields();
  const report = READERS[form](body, fields);
  fields.throwIfWrong();
  const { at } = body as { at?: string | number };
  const when = whenTrue(at === undefined ? {} : { at }, options);
  if (when === null) throw invalid([{ path: "at", message: notATime(at!) }]);
  report.at = when;
  refuseTimes(report, options);
  return report;
}

function formOf(kind: ReportKind, body: unknown): BodyForm {
  const batch = kind === "quality" && typeof body === "object" && body !== null && "checks" in body;
  return batch ? "quality_batch" : kind;
}

type Reader = (body: unknown, fields: Fields) => Report;

const READERS: Record<BodyForm, Reader> = {
  run: (body, fields) => readRun(body as RunBody, fields),
  records: (body) => readRecords(body as RecordsBody),
  quality: (body, fields) => readQuality(body as QualityBody, [body as QualityBody], fields),
  quality_batch: (body, fields) => readQuality(body as QualityBatchBody, (body as QualityBatchBody).checks, fields),
  latency: (body) => readLatency(body as LatencyBody),
  freshness: (body, fields) => readFreshness(body as FreshnessBody, fields),
  drift: (body, fields) => readDrift(body as DriftBody, fields),
  schema: (body) => readSchema(body as SchemaBody),
};

type Body =
  | RecordsBody
  | RunBody
  | QualityBatchBody
  | QualityBody
  | LatencyBody
  | FreshnessBody
  | DriftBody
  | SchemaBody;

function base(body: Body) {
  return {
    pipeline_name: nfc(body.pipeline_name),
    run_id: body.run_id === undefined ? null : nfc(body.run_id),
    attempt: body.attempt ?? null,
    try: body.try ?? null,
    at: 0,
    traceparent: body.traceparent ?? null,
  };
}

function readRun(body: RunBody, fields: Fields): Report {
  if (body.will_retry === true && body.status !== "failed") {
    fields.wrong("will_retry", `true given with status ${show(body.status)}; only a failed attempt is retried`);
  }
  const start = fields.time("data_interval_start", body.data_interval_start);
  const end = fields.time("data_interval_end", body.data_interval_end);
  if (start !== null && end !== null && end < start) {
    fields.wrong("data_interval_end", `${show(body.data_interval_end)} given; must not be before data_interval_start`);
  }
  return {
    kind: "run",
    ...base(body),
    status: body.status === "failed" && body.will_retry === true ? "retrying" : body.status,
    at_stated: body.at !== undefined,
    started_at: fields.time("started_at", body.started_at),
    finished_at: fields.time("finished_at", body.finished_at),
    duration_seconds: body.duration_seconds ?? null,
    error: body.error === undefined ? null : saidText(body.error),
    data_interval_start: start,
    data_interval_end: end,
    logical_date: fields.time("logical_date", body.logical_date),
    resumes: body.resumes ?? false,
    lost: (body.lost ?? []).map(({ kind, item, why }) => ({
      kind: cleanText(kind),
      item: nfc(cleanText(item)),
      why: saidText(why),
    })),
  };
}

function readRecords(body: RecordsBody): Report {
  return {
    kind: "records",
    ...base(body),
    stage: nfc(body.stage),
    count: body.count,
    failed: body.failed ?? null,
    expected_min: body.expected_min ?? null,
    expected_min_of: body.expected_min_of ?? "part",
    part: nfc(body.part ?? ""),
  };
}

function readQuality(body: QualityBody | QualityBatchBody, checks: CheckBody[], fields: Fields): Report {
  const many = "checks" in body;
  return {
    kind: "quality",
    ...base(body),
    checks: checks.map((check, index) => readCheck(check, many ? `checks[${index}].` : "", fields)),
  };
}

function readCheck(check: CheckBody, prefix: string, fields: Fields): QualityCheck {
  if (check.score === null && check.error === undefined) {
    fields.wrong(`${prefix}error`, "missing; a check without a score must say in error why it could not be computed");
  }
  return {
    check_name: nfc(check.check_name),
    score: check.score,
    threshold: check.threshold ?? DEFAULT_THRESHOLD,
    severity: check.severity ?? "error",
    error: check.error === undefined ? null : saidText(check.error),
  };
}

function readLatency(body: LatencyBody): Report {
  const operation = nfc(body.operation ?? VECTOR_SEARCH);
  const seconds = typeof body.seconds === "number" ? [body.seconds] : body.seconds;
  return {
    kind: "latency",
    ...base(body),
    operation,
    histogram: latencyBucketsOf(bucketsOfOperation(operation), seconds),
  };
}

function readFreshness(body: FreshnessBody, fields: Fields): Report {
  return {
    kind: "freshness",
    ...base(body),
    dataset: nfc(body.dataset ?? body.pipeline_name),
    data_through: fields.time("data_through", body.data_through) ?? 0,
    ahead: null,
  };
}

function readSchema(body: SchemaBody): Report {
  return { kind: "schema", ...base(body), ...readSchemaFields(body) };
}

function readDrift(body: DriftBody, fields: Fields): Report {
  const tooMany = tooManyCategoriesSent(body.features);
  if (tooMany !== null) throw invalid([{ path: "features", message: tooMany }]);
  const features = Object.entries(body.features).map(([feature_name, { reference, ...input }]): DriftFeature => {
    const pointer = feature_name.replaceAll("~", "~0").replaceAll("/", "~1");
    fields.histogram(`/features/${pointer}`, input as HistogramInput);
    if (reference !== undefined) fields.histogram(`/features/${pointer}/reference`, reference as HistogramInput);
    return {
      feature_name: nfc(feature_name),
      input: cleanHistogram(input as HistogramInput),
      reference: reference === undefined ? null : cleanHistogram(reference as HistogramInput),
    };
  });
  return { kind: "drift", ...base(body), features };
}

/** The error where a report has too many categories, all features together; null: it has not. */
function tooManyCategoriesSent(features: DriftBody["features"]): string | null {
  let count = 0;
  for (const name in features) {
    const { categories, reference } = features[name]!;
    if (categories !== undefined) count += Object.keys(categories).length;
    if (reference?.categories !== undefined) count += Object.keys(reference.categories).length;
  }
  if (count <= MOST_CATEGORIES_OF_A_REPORT) return null;
  return `${count} categories given; must be at most ${MOST_CATEGORIES_OF_A_REPORT} in one report, references included: send the features in several`;
}
