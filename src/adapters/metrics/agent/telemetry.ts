import { performance } from "node:perf_hooks";
import { type Attributes, ROOT_CONTEXT } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { AggregationType, MeterProvider } from "@opentelemetry/sdk-metrics";
import { type DurationName, INSTRUMENT_NAMES, INSTRUMENTS, type InstrumentName } from "./instruments.ts";
import { type AnsweredRequest, RequestDurations } from "./request-durations.ts";
import { startTracing, type Tracing } from "./tracing.ts";

export interface TelemetryOptions {
  version: string;
  /** Where spans go; null: none are made. */
  otlp_endpoint: string | null;
}

/** What is measured less often than once a request. */
type RareName = Exclude<InstrumentName, "http_request_duration_seconds">;
const RARE_NAMES = INSTRUMENT_NAMES.filter((name) => name !== "http_request_duration_seconds");

/** Measures the agent itself: durations as histograms, and the same work as spans where there is a collector. */
export interface AgentTelemetry {
  request(answered: AnsweredRequest): void;
  /** Each distinct set of attributes becomes series: only values from small sets. */
  record(name: RareName, value: number, attributes?: Attributes): void;
  /** Times `work`, whether it ends well or throws; the span links to the traceparents of what it works on. */
  time<T>(
    name: DurationName & RareName,
    attributes: Attributes,
    work: () => Promise<T>,
    traceparents?: readonly string[],
  ): Promise<T>;
  /** Prometheus text. */
  serialize(): Promise<string>;
  /** Sends the remaining spans; afterwards recording does nothing. */
  shutdown(): Promise<void>;
}

/** The libraries take long to load: import this file in parallel with other start-up work. */
export async function startTelemetry(options: TelemetryOptions): Promise<AgentTelemetry> {
  const { otlp_endpoint, version } = options;
  const tracing: Tracing | null = otlp_endpoint === null ? null : await startTracing({ otlp_endpoint, version });
  const reader = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer("sluice", false, undefined, true, true);
  const provider = new MeterProvider({
    readers: [reader],
    views: RARE_NAMES.map((name) => ({
      instrumentName: name,
      aggregation: {
        type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
        options: { boundaries: [...INSTRUMENTS[name].buckets] },
      },
    })),
  });
  const meter = provider.getMeter("sluice");
  const histograms = new Map(
    RARE_NAMES.map((name) => [name, meter.createHistogram(name, { description: INSTRUMENTS[name].help })]),
  );
  const requests = new RequestDurations();
  // No context is passed: looking one up costs time, and there is none.
  const record: AgentTelemetry["record"] = (name, value, attributes = {}) =>
    histograms.get(name)!.record(value, attributes, ROOT_CONTEXT);
  return {
    request: (answered) => requests.record(answered),
    record,
    async time(name, attributes, work, traceparents = []) {
      const start = performance.now();
      try {
        if (tracing === null) return await work();
        return await tracing.span(name.replace("_duration_seconds", ""), attributes, traceparents, work);
      } finally {
        record(name, (performance.now() - start) / 1000, attributes);
      }
    },
    async serialize() {
      const { resourceMetrics } = await reader.collect();
      return requests.serialize() + floatBounds(serializer.serialize(resourceMetrics));
    },
    async shutdown() {
      await Promise.all([provider.shutdown(), tracing?.shutdown()]);
    },
  };
}

/** `le="1"` → `le="1.0"`, as everywhere else in the body. */
function floatBounds(text: string): string {
  return text.replace(/\ble="(\d+)"/g, 'le="$1.0"');
}
