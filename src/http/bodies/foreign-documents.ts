import { isUtf8 } from "node:buffer";
import { errorCodes, type FastifyInstance, type FastifyRequest } from "fastify";
import { type DriftQuery, FORMATS_OF_SHARES, type FormatName } from "../../contract/formats.ts";
import { formatTime } from "../../domain/words/time.ts";
import { SluiceError } from "../../errors.ts";
import type { HistogramInput } from "../../histogram/histogram-input.ts";
import { readFormat } from "../../intake/histograms/read-format.ts";
import { timeParameter } from "../parameters/query.ts";
import { emptyBody, NdJson } from "./bodies.ts";

const { FST_ERR_CTP_INVALID_MEDIA_TYPE } = errorCodes;

declare module "fastify" {
  interface FastifyContextConfig {
    /** With ?format=, the body is a document of another system. */
    documents?: boolean;
  }
}

/** What a browser sends unasked to any host it is told to, so it is nowhere taken. */
const PLAIN = "text/plain";
const EXPOSITION = "application/openmetrics-text";

export const DOCUMENT_TYPES = ["application/json", EXPOSITION];

/** Prometheus' text is no JSON: routes that take documents take it as a text. */
export function takeExpositions(app: FastifyInstance): void {
  if (app.hasContentTypeParser(EXPOSITION)) return;
  app.addContentTypeParser(EXPOSITION, (request, payload, done) => {
    if (request.routeOptions.config.documents !== true) return done(new FST_ERR_CTP_INVALID_MEDIA_TYPE(EXPOSITION));
    app.readBytes(request, payload, (error, bytes) => {
      if (error !== null) done(error);
      else if (isUtf8(bytes)) done(null, bytes.toString());
      else done(new SluiceError("invalid_report", "the body is not UTF-8"));
    });
  });
  app.addContentTypeParser(PLAIN, (request, _body, done) => {
    const detail = `content-type: ${PLAIN} given; must be application/json, or ${EXPOSITION} for Prometheus' text`;
    const takesDocuments = request.routeOptions.config.documents === true;
    done(
      takesDocuments ? new SluiceError("unsupported_media_type", detail) : new FST_ERR_CTP_INVALID_MEDIA_TYPE(PLAIN),
    );
  });
}

interface FormatQuery {
  format?: FormatName;
  n?: number;
}

/** Without a format there is no document, and what the query says of one would go unheard. */
export function refuseWithoutFormat({ format, ...others }: FormatQuery): void {
  if (format !== undefined) return;
  const [name] = Object.keys(others);
  if (name === undefined) return;
  throw wrongQuery(name, `given without format; without it, ${name === "n" ? "counts are" : `${name} is`} in the body`);
}

export function readDocument(
  request: FastifyRequest,
  { format, n }: FormatQuery & { format: FormatName },
  feature_name: string | null,
  most_bins: number,
): Map<string, HistogramInput> {
  const { body } = request;
  if (body === undefined) throw emptyBody();
  if (body instanceof NdJson) {
    throw new SluiceError(
      "unsupported_media_type",
      `content-type: NDJSON given; must be ${DOCUMENT_TYPES.join(" or ")}`,
    );
  }
  if (n !== undefined && !FORMATS_OF_SHARES.includes(format)) {
    throw wrongQuery(
      "n",
      `given with ${format}; only ${FORMATS_OF_SHARES.join(" and ")} tell shares of an unknown number`,
    );
  }
  return readFormat(format, body, { n: n ?? null, feature_name, most_bins });
}

/** As POST /v1/drift would have been sent it without a format. */
export function driftBodyOf(
  request: FastifyRequest,
  query: DriftQuery & { format: FormatName },
  mostBins: number,
): object {
  const { format, n, feature_name = null, pipeline_name, run_id, at, ...rest } = query;
  if (pipeline_name === undefined) throw wrongQuery("pipeline_name", "missing; with format it must be in the query");
  const features = readDocument(request, { format, ...(n !== undefined && { n }) }, feature_name, mostBins);
  const when = timeParameter("at", at);
  return {
    pipeline_name,
    // A run_id holds no blanks: of scheduled__2026-11-20T02:00:00+00:00 the + arrives as one.
    ...(run_id !== undefined && { run_id: run_id.replaceAll(" ", "+") }),
    ...(when !== null && { at: formatTime(when) }),
    ...rest,
    features: Object.fromEntries(features),
  };
}

function wrongQuery(name: string, message: string): SluiceError {
  return new SluiceError("invalid_query", `${name}: ${message}`, { errors: [{ path: name, message }] });
}
