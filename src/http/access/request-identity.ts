import type { FastifyRequest } from "fastify";

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What a log line says of the request it is about. Never the query or the body, which may hold anything. */
export function requestIdentity(request: FastifyRequest) {
  const trace_id = traceIdOf(request);
  return {
    request_id: request.id,
    ...(trace_id === undefined ? {} : { trace_id }),
    method: request.method,
    path: request.url.split("?")[0]!.slice(0, 300),
  };
}

/** Of the header, else of the report. */
function traceIdOf({ headers, body }: FastifyRequest): string | undefined {
  const reported = (body as { traceparent?: unknown } | null | undefined)?.traceparent;
  for (const traceparent of [headers.traceparent, reported]) {
    const trace_id = typeof traceparent === "string" ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
    if (trace_id !== undefined) return trace_id;
  }
  return undefined;
}
