import { orNull } from "../../format/field.ts";
import { url } from "../../format/fields/url.ts";
import { group, value } from "../../format/section.ts";
import type { TelemetryConfig } from "../types.ts";

export const telemetry = group<TelemetryConfig>("Traces of the agent itself", {
  otlp_endpoint: value(
    orNull(
      url("Base URL of the OpenTelemetry collector that takes the spans, OTLP over HTTP", ["http", "https"]),
      "no traces",
    ),
    // OpenTelemetry says that an empty variable is one that is not set.
    { name: "OTEL_EXPORTER_OTLP_ENDPOINT", empty_is_unset: true },
  ),
});
