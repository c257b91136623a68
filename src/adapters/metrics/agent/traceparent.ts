import type { SpanContext } from "@opentelemetry/api";

const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** null where the W3C header value is malformed or all zeros. */
export function parseTraceparent(traceparent: string): SpanContext | null {
  const match = TRACEPARENT.exec(traceparent);
  if (match === null) return null;
  return { traceId: match[1]!, spanId: match[2]!, traceFlags: Number.parseInt(match[3]!, 16) & 1, isRemote: true };
}
