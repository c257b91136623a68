import { createAgentMetrics } from "../../../src/adapters/metrics/agent/agent-metrics.ts";
import { INSTRUMENTS } from "../../../src/adapters/metrics/agent/instruments.ts";
import { FAMILIES } from "../../../src/adapters/metrics/names.ts";

/** Labels that the attributes of the telemetry become (src/http/server/server.ts, src/app/app.ts). */
const TELEMETRY_LABELS = ["method", "route", "status"];
/** What Prometheus itself adds to everything it scrapes. */
const SCRAPED = ["job", "instance"];

/** Every metric that the agent exports, and that Prometheus makes of the scrape, with its labels. */
export async function catalogue(): Promise<Map<string, readonly string[]>> {
  const all = new Map<string, readonly string[]>([["up", SCRAPED]]);
  const add = (name: string, type: string, labels: readonly string[]) => {
    if (type !== "histogram") all.set(name, [...labels, ...SCRAPED]);
    else for (const part of ["bucket", "sum", "count"]) all.set(`${name}_${part}`, [...labels, "le", ...SCRAPED]);
  };
  for (const [name, { type, labels }] of Object.entries(FAMILIES)) add(name, type, labels);
  for (const name of Object.keys(INSTRUMENTS)) add(`sluice_${name}`, "histogram", TELEMETRY_LABELS);
  const { registry } = createAgentMetrics("0", {
    queue_reports: () => 0,
    series: () => 0,
    series_cap: () => 0,
    store_up: () => true,
    gate_waiters: () => 0,
    config_right: () => true,
    notices: { channels: [], pending: () => 0, oldest_pending_seconds: () => 0 },
  });
  for (const metric of registry.getMetricsAsArray()) {
    const { labelNames = [] } = metric as unknown as { labelNames?: string[] };
    add(metric.name, "gauge", labelNames);
  }
  return all;
}
