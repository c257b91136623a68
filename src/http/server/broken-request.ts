import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { CONTRACT_HEADER, CONTRACT_VERSION } from "../../contract/version.ts";
import { SluiceError } from "../../errors.ts";
import { PROBLEM_TYPE, problemOf } from "./problem.ts";

/** Bytes of all headers together. */
export const MOST_HEADER_BYTES = 16 * 1024;

/** How long a client may take to read the answer before the connection is closed, milliseconds. */
const LINGER = 1_000;

/** Answers what is broken before it is a request: no route and no hook ever sees it. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const known = brokenRequest(error.code);
  const body = JSON.stringify(problemOf(known));
  socket.end(
    [
      `HTTP/1.1 ${known.status} ${STATUS_CODES[known.status]}`,
      `content-type: ${PROBLEM_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      "x-content-type-options: nosniff",
      `${CONTRACT_HEADER}: ${CONTRACT_VERSION}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
  // A peer that never closes its half would hold the connection, and what belongs to it, for as long as it likes.
  setTimeout(() => socket.destroy(), LINGER).unref();
}

function brokenRequest(code: string | undefined): SluiceError {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new SluiceError("request_timeout", "the request did not arrive in time");
    case "HPE_HEADER_OVERFLOW":
      return new SluiceError("bad_request", `the headers are larger than ${MOST_HEADER_BYTES} bytes`);
    default:
      return new SluiceError("bad_request", "this is not a well-formed HTTP request");
  }
}
