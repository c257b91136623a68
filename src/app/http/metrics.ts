import { type AgentMetrics, createAgentMetrics } from "../../adapters/metrics/agent/agent-metrics.ts";
import { MetricsRecorder } from "../../adapters/metrics/domain/recorder.ts";
import { Exposition } from "../../adapters/metrics/exposition/exposition.ts";
import { DEPRECATED_FAMILIES, type StartConfig } from "../../config.ts";
import type { Clock, Log } from "../../ports.ts";
import { VERSION } from "../../version.ts";

export interface MetricsParts {
  config: Pick<StartConfig, "metrics">;
  store_up: () => boolean;
  clock: Clock;
  log: Log;
}

/** What GET /metrics is made of, but for the telemetry. */
export function createMetrics({ config, store_up, clock, log }: MetricsParts): {
  agent: AgentMetrics;
  exposition: Exposition;
  recorder: MetricsRecorder;
} {
  const { off, series_cap } = config.metrics;
  const families = DEPRECATED_FAMILIES.filter((family) => !off.includes(family));
  if (families.length > 0) {
    log.info(
      { families },
      "these metrics are deprecated: from 0.3 on they are off by default, and now where metrics.off names them",
    );
  }
  const agent = createAgentMetrics(VERSION, { store_up, series_cap: () => series_cap }, off);
  const exposition = new Exposition({ clock, ...config.metrics, onDropped: agent.dropped });
  agent.read({ series: () => exposition.series });
  const recorder = new MetricsRecorder(exposition, (error) => {
    agent.observeFailed();
    log.error({ err: error }, "a committed change could not be shown as a metric");
  });
  return { agent, exposition, recorder };
}
