/** The one table of error codes. docs/errors.md lists the same codes; a test compares the two both ways. */
export const ERRORS = {
  invalid_json: { status: 400, title: "The body is not JSON" },
  invalid_query: { status: 400, title: "A query parameter is wrong" },
  invalid_cursor: { status: 400, title: "The cursor is not one of ours" },
  unauthorized: { status: 401, title: "No valid API key" },
  forbidden: { status: 403, title: "The API key may not do this" },
  host_not_allowed: { status: 403, title: "The Host header is not a loopback address" },
  cross_site_request: { status: 403, title: "The request comes from a page of another site" },
  not_found: { status: 404, title: "There is nothing here" },
  method_not_allowed: { status: 405, title: "The method is not allowed here" },
  request_timeout: { status: 408, title: "The request took too long to arrive" },
  reference_mismatch: { status: 409, title: "The data does not fit its reference" },
  limit_reached: { status: 409, title: "There are as many as may be" },
  report_conflict: { status: 409, title: "The id was used for another report" },
  body_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The content type or encoding is not supported" },
  invalid_report: { status: 422, title: "The report is not valid" },
  at_out_of_range: { status: 422, title: "The time is out of range" },
  unstorable_report: { status: 422, title: "The store refused the report" },
  rate_limited: { status: 429, title: "Too many requests" },
  too_many_listeners: { status: 429, title: "Too many follow the events" },
  too_many_new: { status: 429, title: "Too many new pipelines at once" },
  too_many_names: { status: 422, title: "There are as many names as there may be" },
  invalid_body: { status: 422, title: "The body is not valid" },
  bad_request: { status: 400, title: "The request is malformed" },
  internal_error: { status: 500, title: "Something went wrong inside the agent" },
  store_unavailable: { status: 503, title: "The store cannot be reached" },
  queue_full: { status: 503, title: "The agent is taking reports more slowly than they arrive" },
  shutting_down: { status: 503, title: "The agent is stopping" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** One thing wrong with one field: `path` is the field (`checks[0].score`), `message` says what was given and what is allowed. */
export interface FieldError {
  path: string;
  message: string;
}

export interface SluiceErrorOptions {
  errors?: FieldError[];
  /** Whole seconds after which trying again makes sense; 0: at once. */
  retry_after?: number;
  cause?: unknown;
}

/** An error with a code from the table. `detail` names the field, what was given and what is allowed. */
export class SluiceError extends Error {
  readonly code: ErrorCode;
  readonly errors: FieldError[] | undefined;
  readonly retry_after: number | undefined;

  constructor(code: ErrorCode, detail: string, options: SluiceErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SluiceError";
    this.code = code;
    this.errors = options.errors;
    this.retry_after = options.retry_after;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** To ask again at once is right: another agent answers, or this one when it is back. */
export function shuttingDown(): SluiceError {
  return new SluiceError(
    "shutting_down",
    "the agent is stopping; ask again: another one answers, or this one when it is back",
    {
      retry_after: 0,
    },
  );
}
