import { ERRORS, type ErrorCode, type FieldError, SluiceError } from "../../errors.ts";
import type { StoreError } from "../../ports.ts";

/** RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  errors?: FieldError[];
  request_id?: string;
}

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

export function problemOf(error: SluiceError): Problem {
  const { status, title } = ERRORS[error.code];
  const problem: Problem = {
    type: `/docs/errors#${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
  };
  if (error.errors !== undefined) problem.errors = error.errors;
  return problem;
}

interface FrameworkError {
  code?: string;
  statusCode?: number;
  message?: string;
}

/** What Fastify and Node refuse before a route is reached, in our words. */
const BY_FRAMEWORK_CODE: Record<string, { code: ErrorCode; detail: string }> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: "unsupported_media_type",
    detail: "content-type: must be application/json, or application/x-ndjson for /v1/reports",
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: "bad_request",
    detail: "content-length: does not agree with the length of the body",
  },
  FST_ERR_BAD_URL: { code: "bad_request", detail: "the path is not valid percent-encoding" },
};

export function toSluiceError(error: unknown, bodyLimit: number): SluiceError {
  if (error instanceof SluiceError) return error;
  if (isStoreError(error) && error.reason !== "refused" && error.reason !== "broken") {
    return new SluiceError("store_unavailable", STORE_AWAY, { cause: error, retry_after: 2 });
  }
  const { code, statusCode, message } = error as FrameworkError;
  const known = code === undefined ? undefined : BY_FRAMEWORK_CODE[code];
  if (known !== undefined) return new SluiceError(known.code, known.detail, { cause: error });
  if (statusCode === 413)
    return new SluiceError("body_too_large", `the body is larger than ${bodyLimit} bytes`, { cause: error });
  // Of the files below /docs.
  if (statusCode === 403 || statusCode === 404)
    return new SluiceError("not_found", "there is no such file", { cause: error });
  if (statusCode === 429) {
    return new SluiceError("rate_limited", message ?? "too many requests", { cause: error, retry_after: 1 });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new SluiceError("bad_request", message ?? "the request is malformed", { cause: error });
  }
  return new SluiceError("internal_error", "something went wrong inside the agent; its log says what", {
    cause: error,
  });
}

/** Not the store's own words: they name hosts, files and tables. The log has those. */
export const STORE_AWAY = "the store cannot be reached or is too busy; the agent's log says more";

export function isStoreError(error: unknown): error is StoreError {
  return error instanceof Error && error.name === "StoreError";
}
