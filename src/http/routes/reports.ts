import type { FastifyInstance, FastifyRequest } from "fastify";
import Type from "typebox";
import { BatchAnswer, QualityAnswer, ReportAnswer, RunReportAnswer } from "../../contract/answers.ts";
import { show } from "../../contract/check.ts";
import { DriftAnswer } from "../../contract/drift-answers.ts";
import { DriftQuery } from "../../contract/formats.ts";
import {
  BODY_BY_KIND,
  DriftBody,
  FreshnessBody,
  LatencyBody,
  QualityBatchBody,
  QualityBody,
  RecordsBody,
  RunBody,
} from "../../contract/reports.ts";
import type { Report, ReportKind } from "../../domain/report.ts";
import { MOST_BINS } from "../../domain/stats/validate-histogram.ts";
import { passes } from "../../domain/tally.ts";
import { SluiceError } from "../../errors.ts";
import { type IntakeOptions, isReportKind, readItem, readReport } from "../../intake/native.ts";
import type { AcceptReports } from "../../service/accept-reports.ts";
import type { Outcome, Submission } from "../../service/submission.ts";
import { requirePipeline } from "../auth.ts";
import { emptyBody, NDJSON_TYPES, NdJson, parseJson } from "../bodies.ts";
import { reportKey } from "../canonical.ts";
import { DOCUMENT_TYPES, driftBodyOf, refuseWithoutFormat, takeExpositions } from "../foreign-documents.ts";
import { requestIdentity } from "../request-identity.ts";

export interface ReportRoutesDeps {
  /** Old names of pipelines, each with the new one. */
  aliases: ReadonlyMap<string, string>;
  accept: AcceptReports;
  intake: () => IntakeOptions;
  batch_items: number;
  /** Told of each report that is refused before it gets to the store; `unknown`: it does not say what it is. */
  onRefused: (kind: ReportKind | "unknown") => void;
}

const SINGLE = [
  ["/v1/runs", "run", RunBody, RunReportAnswer, "Report that a run started or ended"],
  ["/v1/records", "records", RecordsBody, ReportAnswer, "Report how many records a stage processed"],
  ["/v1/quality", "quality", Type.Union([QualityBody, QualityBatchBody]), QualityAnswer, "Report quality scores"],
  ["/v1/latency", "latency", LatencyBody, ReportAnswer, "Report measured latencies"],
  ["/v1/freshness", "freshness", FreshnessBody, ReportAnswer, "Report how far the data reaches"],
] as const;

export function reportRoutes(app: FastifyInstance, deps: ReportRoutesDeps): void {
  for (const [url, kind, body, answer, summary] of SINGLE) {
    const schema = { tags: ["reports"], summary, body, response: { 200: answer } };
    app.post(url, { schema, config: { role: "report" } }, async (request) =>
      submitOne(request, kind, bodyOf(request), deps),
    );
  }
  driftRoute(app, deps);
  batchRoute(app, deps);
}

async function submitOne(request: FastifyRequest, kind: ReportKind, body: unknown, deps: ReportRoutesDeps) {
  const submission = submissionOf(request, kind, body, idempotencyKey(request), deps);
  const [outcome] = await deps.accept.submit([submission]);
  return answerOf(submission.report, outcome!);
}

function driftRoute(app: FastifyInstance, deps: ReportRoutesDeps): void {
  takeExpositions(app);
  const schema = {
    tags: ["reports"],
    summary: "Report histograms of features, and get verdicts; with ?format=, as another system writes them",
    consumes: DOCUMENT_TYPES,
    querystring: DriftQuery,
    body: Type.Union([DriftBody, Type.Unknown({ title: "With ?format=: a document of that format" })]),
    response: { 200: DriftAnswer },
  };
  app.post("/v1/drift", { schema, config: { role: "report", documents: true } }, async (request) => {
    const { format, ...query } = request.query as DriftQuery;
    if (format === undefined) refuseWithoutFormat(query);
    // As fine as it comes: judging brings it to the bins of the reference.
    const body = format === undefined ? bodyOf(request) : driftBodyOf(request, { format, ...query }, MOST_BINS);
    return submitOne(request, "drift", body, deps);
  });
}

function batchRoute(app: FastifyInstance, deps: ReportRoutesDeps): void {
  const items = Object.entries(BODY_BY_KIND).map(([form, body]) =>
    Type.Object(
      { kind: Type.Literal(form.replace("_batch", "")), ...body.properties },
      { additionalProperties: false },
    ),
  );
  const schema = {
    tags: ["reports"],
    summary: "Report many things at once, as an array or as NDJSON; good items are kept beside bad ones",
    consumes: ["application/json", ...NDJSON_TYPES],
    body: Type.Array(Type.Union(items)),
    response: { 200: BatchAnswer },
  };
  app.post("/v1/reports", { schema, config: { role: "report" } }, async (request) => {
    const rejected: { index: number; code: string; detail: string }[] = [];
    const submissions: Submission[] = [];
    const indexes: number[] = [];
    const key = idempotencyKey(request);
    const items = itemsOf(request.body, deps.batch_items);
    items.forEach((read, index) => {
      try {
        submissions.push(submissionOf(request, null, read(), key === null ? null : `${key}#${index}`, deps));
        indexes.push(index);
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error;
        rejected.push({ index, code: error.code, detail: error.message });
      }
    });
    const outcomes = await deps.accept.submit(submissions);
    throwIfNoneStored(outcomes);
    let accepted = 0;
    let duplicates = 0;
    outcomes.forEach((outcome, i) => {
      if (!outcome.accepted) {
        rejected.push({ index: indexes[i]!, code: outcome.error.code, detail: outcome.error.message });
      } else if (outcome.duplicate) duplicates++;
      else accepted++;
    });
    rejected.sort((a, b) => a.index - b.index);
    const [first] = rejected;
    if (first !== undefined) {
      const said = { rejected: rejected.length, index: first.index, code: first.code };
      request.log.info(
        { ...requestIdentity(request), ...said },
        "reports of a batch rejected, the first of them at index",
      );
    }
    return { accepted, duplicates, rejected };
  });
}

/** Each item by itself: reading a broken one throws for that one alone. */
function itemsOf(body: unknown, most: number): (() => unknown)[] {
  if (body === undefined) throw emptyBody();
  if (!(body instanceof NdJson) && !Array.isArray(body)) {
    throw new SluiceError("invalid_report", `${show(body)} given; the body must be an array of reports, or NDJSON`);
  }
  const items: (() => unknown)[] =
    body instanceof NdJson
      ? body.lines(most).map((line) => () => parseJson(line, "line"))
      : body.map((item: unknown) => () => item);
  if (items.length > most) {
    throw new SluiceError("body_too_large", `more than ${most} reports in one request; send them in several`);
  }
  return items;
}

/** Of a single report. */
function bodyOf({ body }: FastifyRequest): unknown {
  if (body === undefined) throw emptyBody();
  if (!(body instanceof NdJson)) return body;
  throw new SluiceError(
    "unsupported_media_type",
    "content-type: NDJSON given; only POST /v1/reports takes several reports",
  );
}

function submissionOf(...args: Parameters<typeof readSubmission>): Submission {
  try {
    return readSubmission(...args);
  } catch (error) {
    const [, kind, body, , deps] = args;
    if (error instanceof SluiceError) deps.onRefused(kind ?? kindOf(body));
    throw error;
  }
}

function kindOf(item: unknown): ReportKind | "unknown" {
  const { kind } = (item ?? {}) as { kind?: unknown };
  return isReportKind(kind) ? kind : "unknown";
}

function readSubmission(
  request: FastifyRequest,
  kind: ReportKind | null,
  body: unknown,
  fallbackId: string | null,
  deps: ReportRoutesDeps,
): Submission {
  const report = kind === null ? readItem(body, deps.intake()) : readReport(kind, body, deps.intake());
  report.pipeline_name = deps.aliases.get(report.pipeline_name) ?? report.pipeline_name;
  requirePipeline(request.caller, report.pipeline_name);
  report.traceparent ??= traceparentOf(request);
  const sent = body as { id?: string };
  const id = sent.id ?? fallbackId;
  return { report, key: id === null ? null : reportKey(request.caller.scope, id, report.kind, sent) };
}

function traceparentOf(request: FastifyRequest): string | null {
  const { traceparent } = request.headers;
  return typeof traceparent === "string" && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent)
    ? traceparent
    : null;
}

function idempotencyKey(request: FastifyRequest): string | null {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key === "string" && /^[^\p{C}]{1,128}$/u.test(key)) return key;
  throw new SluiceError("bad_request", "Idempotency-Key: must be 1 to 128 printable characters");
}

function answerOf(report: Report, outcome: Outcome): object {
  if (!outcome.accepted) throw outcome.error;
  const { duplicate } = outcome;
  if (report.kind === "run" || report.kind === "drift") return { duplicate, ...outcome.answer };
  if (report.kind !== "quality") return { duplicate };
  const checks = report.checks.map((check) => {
    const { check_name, score, threshold } = check;
    return { check_name, score, threshold, passed: passes(check) };
  });
  // All that is kept of the answer to a quality report.
  return { duplicate, checks, ...outcome.answer };
}

/** When the store took nothing the whole request is to be sent again. */
function throwIfNoneStored(outcomes: readonly Outcome[]): void {
  const errors = outcomes.map((outcome) => (outcome.accepted ? null : outcome.error));
  const [first] = errors;
  if (first != null && first.status >= 500 && errors.every((error) => error?.code === first.code)) throw first;
}
