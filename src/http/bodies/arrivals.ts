import type { FastifyRequest } from "fastify";
import type { DriftQuery } from "../../contract/formats.ts";
import { rejectedIn } from "../../domain/commit/rejected-in.ts";
import type { Rejection } from "../../domain/reports/rejection.ts";
import type { ReportKind } from "../../domain/reports/report.ts";
import { SluiceError } from "../../errors.ts";
import { type IntakeOptions, isReportKind, readItem, readReport } from "../../intake/native/native.ts";
import { rejectionOf } from "../../intake/native/rejection.ts";
import type { Arrival, RefusedReport, Submission } from "../../service/commit/submission.ts";
import { requirePipeline } from "../access/auth.ts";
import { refusedHashes, reportKey } from "./canonical.ts";

export interface ArrivalDeps {
  /** Old names of pipelines, each with the new one. */
  aliases: ReadonlyMap<string, string>;
  intake: () => IntakeOptions;
  /** Told of each report that is refused before it gets to the store; `unknown`: it does not say what it is. */
  onRefused: (kind: ReportKind | "unknown") => void;
}

/** A report that is refused is on its way too, where it says of which run it is: that it came is to be remembered. */
export function arrivalOf(...args: Parameters<typeof readSubmission>): Arrival {
  try {
    return readSubmission(...args);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const [request, kind, body, fallbackId, deps] = args;
    deps.onRefused(kind ?? kindOf(body));
    if (error.code === "forbidden") throw error;
    const rejection = refusalOf(request, kind ?? kindOf(body), body, fallbackId, error, deps);
    if (rejection === null) throw error;
    return { rejection, error };
  }
}

function refusalOf(
  request: FastifyRequest,
  kind: ReportKind | "unknown",
  body: unknown,
  fallbackId: string | null,
  error: SluiceError,
  deps: ArrivalDeps,
): Rejection | null {
  const { scope } = request.caller;
  const rejection = rejectionOf(kind === "unknown" ? null : kind, body, error, deps.intake());
  if (rejection === null) return null;
  const pipeline_name = deps.aliases.get(rejection.pipeline_name) ?? rejection.pipeline_name;
  requirePipeline(request.caller, pipeline_name);
  const { id } = body as { id?: unknown };
  const ofRequest = fallbackId === null || id !== undefined ? null : { key: fallbackId };
  const seen = refusedHashes(scope, typeof id === "string" ? id : ofRequest, kind, body as object);
  return { ...rejection, pipeline_name, seen };
}

/** A drift report whose histograms are in a document that cannot be read. null: the query does not say of which run it is. */
export function refusedDocument(
  request: FastifyRequest,
  { pipeline_name, run_id, attempt, at, id, feature_name }: DriftQuery,
  error: SluiceError,
  deps: ArrivalDeps,
): RefusedReport | null {
  deps.onRefused("drift");
  // A run_id holds no blanks: of scheduled__2026-11-20T02:00:00+00:00 the + arrives as one.
  const run = run_id === undefined ? {} : { run_id: run_id.replaceAll(" ", "+") };
  const features = feature_name === undefined ? {} : { features: { [feature_name]: {} } };
  const body = { pipeline_name, ...run, attempt, at, ...features };
  const rejection = refusalOf(request, "drift", { ...body, id, document: request.body }, null, error, deps);
  return rejection && { rejection, error };
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
  deps: ArrivalDeps,
): Submission {
  const report = kind === null ? readItem(body, deps.intake()) : readReport(kind, body, deps.intake());
  const new_name = deps.aliases.get(report.pipeline_name) ?? report.pipeline_name;
  // Where no dataset was said it is that of the pipeline, whose baseline is kept under the new name.
  if (report.kind === "schema" && report.dataset === report.pipeline_name) report.dataset = new_name;
  report.pipeline_name = new_name;
  requirePipeline(request.caller, report.pipeline_name);
  report.traceparent ??= traceparentOf(request);
  const sent = body as { id?: string; attempt?: number };
  const id = sent.id ?? (fallbackId === null ? null : { key: fallbackId });
  const { scope } = request.caller;
  const key = id === null ? null : reportKey(scope, id, report.kind, sent);
  const items = rejectedIn(report);
  const submission = { report, key, key_name: scope };
  if (items.length === 0) return submission;
  const { kind: of, pipeline_name, run_id, at } = report;
  const { attempt } = report;
  const seen = refusedHashes(scope, id, of, sent);
  return { ...submission, rejection: { pipeline_name, run_id, attempt, at, items, seen } };
}

function traceparentOf(request: FastifyRequest): string | null {
  const { traceparent } = request.headers;
  return typeof traceparent === "string" && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent)
    ? traceparent
    : null;
}
