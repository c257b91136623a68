import { randomBytes } from "node:crypto";
import type { AgentMetrics } from "../adapters/metrics/agent/agent-metrics.ts";
import type { AgentTelemetry } from "../adapters/metrics/agent/telemetry.ts";
import type { StartConfig } from "../config.ts";
import type { Log } from "../ports.ts";
import { AcceptReports } from "../service/commit/accept-reports.ts";
import type { driftSettingsOf } from "../service/drift/drift-settings.ts";
import type { Gates } from "./gates.ts";

export interface ReportsOptions {
  config: Pick<StartConfig, "limits">;
  decide: Gates["decide"];
  driftSettings: ReturnType<typeof driftSettingsOf>;
  telemetry: AgentTelemetry;
  agent: AgentMetrics;
  log: Log;
}

/** The part of the agent that takes reports and commits them. */
export function createReports({ config, decide, driftSettings, telemetry, agent, log }: ReportsOptions): AcceptReports {
  const accept = new AcceptReports({
    ...decide,
    log,
    driftSettings,
    newRunId: (at) => `auto-${new Date(at).toISOString().replace(/[-:]|\.\d+/g, "")}-${randomBytes(4).toString("hex")}`,
    limits: { commit: config.limits.commit_reports, queue: config.limits.queue_reports },
    telemetry: {
      commit: (reports, traceparents, work) => {
        telemetry.record("commit_reports", reports);
        return telemetry.time("commit_duration_seconds", {}, work, traceparents);
      },
      reports: (kind, outcome, count) => agent.reports(kind, outcome, count),
    },
  });
  agent.read({ queue_reports: () => accept.queued });
  return accept;
}
