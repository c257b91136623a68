import type { Attributes, SpanContext } from "@opentelemetry/api";

export interface TracingOptions {
  version: string;
  /** Base URL of an OTLP/HTTP collector; spans go to `/v1/traces` there. */
  otlp_endpoint: string;
}

export interface Tracing {
  /** Runs `work` inside a span that links to the given traceparents; an error marks the span as failed and is rethrown. */
  span<T>(name: string, attributes: Attributes, traceparents: readonly string[], work: () => Promise<T>): Promise<T>;
  /** Sends the remaining spans. */
  shutdown(): Promise<void>;
}

/** The libraries are only loaded here: without a collector none of this costs anything. */
export async function startTracing({ version, otlp_endpoint }: TracingOptions): Promise<Tracing> {
  const [{ SpanStatusCode }, trace, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace-base"),
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/resources"),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${otlp_endpoint.replace(/\/+$/, "")}/v1/traces` });
  const provider = new trace.BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": "sluice", "service.version": version }),
    spanProcessors: [new trace.BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("sluice", version);
  return {
    async span(name, attributes, traceparents, work) {
      const contexts = traceparents.map(parseTraceparent).filter((context) => context !== null);
      const span = tracer.startSpan(name, { attributes, links: contexts.map((context) => ({ context })), root: true });
      try {
        return await work();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "Error" });
        throw error;
      } finally {
        span.end();
      }
    },
    shutdown: () => provider.shutdown(),
  };
}

const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** null where the W3C header value is malformed or all zeros. */
export function parseTraceparent(traceparent: string): SpanContext | null {
  const match = TRACEPARENT.exec(traceparent);
  if (match === null) return null;
  return { traceId: match[1]!, spanId: match[2]!, traceFlags: Number.parseInt(match[3]!, 16) & 1, isRemote: true };
}
