import { lines } from "../lib/panels.ts";
import { of, range } from "../lib/sources.ts";

const quantile = (q: number, metric: string, by: string) =>
  `histogram_quantile(${q}, sum by (${by}, le) (rate(${of(metric)}[$__rate_interval])))`;

const search = (q: number) => quantile(q, "vector_search_latency_seconds_bucket", "pipeline_name");
const operation = (q: number) => quantile(q, "operation_latency_seconds_bucket", "pipeline_name, operation");

export const latencyOfSearch = lines({
  title: "Vector search latency",
  description: "Half of the searches are faster than p50, one in a hundred is slower than p99.",
  targets: [
    range(search(0.99), "{{pipeline_name}} p99"),
    range(search(0.95), "{{pipeline_name}} p95"),
    range(search(0.5), "{{pipeline_name}} p50"),
  ],
  unit: "s",
  empty: "No vector search in this time range",
});

export const latencyOfOperations = lines({
  title: "Latency of other operations",
  description: "By operation; one in a hundred is slower than p99.",
  targets: [
    range(operation(0.99), "{{pipeline_name}} {{operation}} p99"),
    range(operation(0.5), "{{pipeline_name}} {{operation}} p50"),
  ],
  unit: "s",
  empty: "No other operation in this time range",
});

export const dataThrough = lines({
  title: "Age of the data",
  description: "How far behind now each dataset is complete. It grows until a run brings newer data.",
  targets: [
    range(
      `time() - max by (pipeline_name, dataset) (${of("data_through_timestamp_seconds")})`,
      "{{pipeline_name}} {{dataset}}",
    ),
  ],
  unit: "s",
});
