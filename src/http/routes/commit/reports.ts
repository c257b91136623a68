import type { FastifyRequest } from "fastify";
import Type from "typebox";
import {
  BatchAnswer,
  QualityAnswer,
  ReportAnswer,
  RunReportAnswer,
  SchemaReportAnswer,
} from "../../../contract/answers.ts";
import { show } from "../../../contract/check.ts";
import { DriftAnswer } from "../../../contract/drift/drift-answers.ts";
import { DriftQuery } from "../../../contract/formats.ts";
import {
  BODY_BY_KIND,
  DriftBody,
  FreshnessBody,
  LatencyBody,
  QualityBatchBody,
  QualityBody,
  RecordsBody,
  RunBody,
  SchemaBody,
} from "../../../contract/reports.ts";
import { MOST_BINS } from "../../../domain/drift/histograms/validate-histogram.ts";
import type { ReportKind } from "../../../domain/reports/report.ts";
import { SluiceError } from "../../../errors.ts";
import type { AcceptReports } from "../../../service/commit/accept-reports.ts";
import type { Arrival, Outcome, Submission } from "../../../service/commit/submission.ts";
import type { NewNames } from "../../../service/new-names/new-names.ts";
import { admitNames, withRefusals } from "../../access/admit-names.ts";
import { requestIdentity } from "../../access/request-identity.ts";
import { type AnswerByKind, answerOf, badParts } from "../../answers/report-answers.ts";
import { type ArrivalDeps, arrivalOf, refusedDocument } from "../../bodies/arrivals.ts";
import { emptyBody, NDJSON_TYPES, NdJson } from "../../bodies/bodies.ts";
import { breather } from "../../bodies/breather.ts";
import { DOCUMENT_TYPES, driftBodyOf, refuseWithoutFormat, takeExpositions } from "../../bodies/foreign-documents.ts";
import type { TypedApp } from "../../server/typed-app.ts";

export interface ReportRoutesDeps extends ArrivalDeps {
  accept: AcceptReports;
  batch_items: number;
  names: NewNames;
}

const SINGLE = [
  ["/v1/runs", "run", RunBody, RunReportAnswer, "Report that a run started or ended"],
  ["/v1/records", "records", RecordsBody, ReportAnswer, "Report how many records a stage processed"],
  ["/v1/quality", "quality", Type.Union([QualityBody, QualityBatchBody]), QualityAnswer, "Report quality scores"],
  ["/v1/latency", "latency", LatencyBody, ReportAnswer, "Report measured latencies"],
  ["/v1/freshness", "freshness", FreshnessBody, ReportAnswer, "Report how far the data reaches"],
  ["/v1/schema", "schema", SchemaBody, SchemaReportAnswer, "Report the columns of a dataset"],
] as const;

export function reportRoutes(app: TypedApp, deps: ReportRoutesDeps): void {
  for (const [url, kind, body, answer, summary] of SINGLE) {
    const schema = { tags: ["reports"], summary, body, response: { 200: answer } };
    app.post(url, { schema, config: { role: "report" } }, (request) => submitOne(request, kind, bodyOf(request), deps));
  }
  driftRoute(app, deps);
  batchRoute(app, deps);
}

async function submitOne<K extends ReportKind>(
  request: FastifyRequest,
  kind: K,
  body: unknown,
  deps: ReportRoutesDeps,
): Promise<AnswerByKind[K]> {
  const arrival = arrivalOf(request, kind, body, idempotencyKey(request), deps);
  const [refused] = admitNames(request, [arrival], deps);
  if (refused != null) throw refused;
  const [outcome] = await deps.accept.submit([arrival]);
  if (!outcome!.accepted) throw outcome!.error;
  return answerOf((arrival as Submission).report, outcome!) as AnswerByKind[K];
}

function driftRoute(app: TypedApp, deps: ReportRoutesDeps): void {
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
    const { format, ...query } = request.query;
    if (format === undefined) {
      refuseWithoutFormat(query);
      return submitOne(request, "drift", bodyOf(request), deps);
    }
    // As fine as it comes: judging brings it to the bins of the reference.
    const document = () => driftBodyOf(request, { format, ...query }, MOST_BINS);
    return submitDocument(request, query, document, deps);
  });
}

/** A document that cannot be read is a refused report too: the query says of which run. */
async function submitDocument(
  request: FastifyRequest,
  query: DriftQuery,
  read: () => object,
  deps: ReportRoutesDeps,
): Promise<AnswerByKind["drift"]> {
  let body: object;
  try {
    body = read();
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const refused = refusedDocument(request, query, error, deps);
    if (refused === null) throw error;
    const [outcome] = await deps.accept.submit([refused]);
    throw outcome!.accepted ? error : outcome!.error;
  }
  return submitOne(request, "drift", body, deps);
}

function batchRoute(app: TypedApp, deps: ReportRoutesDeps): void {
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
    const errors: { index: number; item: string; code: string; detail: string }[] = [];
    const arrivals: Arrival[] = [];
    const indexes: number[] = [];
    const key = idempotencyKey(request);
    const items = itemsOf(request.body, deps.batch_items);
    const breathe = breather();
    for (const [index, read] of items.entries()) {
      await breathe();
      try {
        arrivals.push(arrivalOf(request, null, read(), key === null ? null : `${key}#${index}`, deps));
        indexes.push(index);
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error;
        rejected.push({ index, code: error.code, detail: error.message });
      }
    }
    const refusals = admitNames(request, arrivals, deps);
    const admitted = refusals.length === 0 ? arrivals : arrivals.filter((_, i) => refusals[i] === null);
    const stored = await deps.accept.submit(admitted);
    throwIfNoneStored(stored);
    const outcomes = refusals.length === 0 ? stored : withRefusals(stored, refusals);
    let accepted = 0;
    let duplicates = 0;
    outcomes.forEach((outcome, i) => {
      const index = indexes[i]!;
      if (!outcome.accepted) {
        rejected.push({ index, code: outcome.error.code, detail: outcome.error.message });
        return;
      }
      if (outcome.duplicate) duplicates++;
      else accepted++;
      for (const part of badParts((arrivals[i] as Submission).report, outcome)) errors.push({ index, ...part });
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
    return { accepted, duplicates, rejected, errors };
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
      ? body.lines(most).map((line) => () => body.parse(line))
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

function idempotencyKey(request: FastifyRequest): string | null {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key === "string" && /^[^\p{C}]{1,128}$/u.test(key)) return key;
  throw new SluiceError("bad_request", "Idempotency-Key: must be 1 to 128 printable characters");
}

/** When the store took nothing the whole request is to be sent again. */
function throwIfNoneStored(outcomes: readonly Outcome[]): void {
  const errors = outcomes.map((outcome) => (outcome.accepted ? null : outcome.error));
  const [first] = errors;
  if (first != null && first.status >= 500 && errors.every((error) => error?.code === first.code)) throw first;
}
