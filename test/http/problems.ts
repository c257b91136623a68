import { expect } from "vitest";
import { ERRORS, type ErrorCode, type FieldError } from "../../src/errors.ts";
import type { Answer } from "../support/agent.ts";

/** The whole answer is this problem and nothing else. A detail given as a pattern only has to match. */
export function expectProblem(answer: Answer, code: ErrorCode, detail: string | RegExp, errors?: FieldError[]): void {
  expect(answer.body).toEqual({
    type: `/docs/errors#${code}`,
    title: ERRORS[code].title,
    status: ERRORS[code].status,
    detail: typeof detail === "string" ? detail : expect.stringMatching(detail),
    code,
    ...(errors === undefined ? {} : { errors }),
    request_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-z]+$/),
  });
  expect(answer.status).toBe(ERRORS[code].status);
  expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  expect(answer.headers["x-content-type-options"]).toBe("nosniff");
}

/** Fields with what is wrong with them; the detail is all of them in one sentence. */
export function expectInvalid(answer: Answer, wrong: Record<string, string>, code: ErrorCode = "invalid_report"): void {
  const errors = Object.entries(wrong).map(([path, message]) => ({ path, message }));
  const detail = errors.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
  expectProblem(answer, code, detail, errors);
}

/** What no answer may hold: where code or the database lies, what was asked of the database, a key. */
export const LEAKS =
  /\bat \S+ \(|node:internal|\.[jt]s:\d+|\/src\/|node_modules|\bSELECT\b|\bINSERT INTO\b|\brelation "|\bECONNREFUSED|\.s\.PGSQL|postgres(ql)?:\/\/|sluice_test_/;
