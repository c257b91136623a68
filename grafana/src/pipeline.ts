import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { ANNOTATIONS } from "./lib/annotations.ts";
import { dashboard } from "./lib/board.ts";
import { agentUrl, checkName, datasource, instance, job, pipelineName } from "./lib/variables.ts";
import { gateHistory, gateNow, gateTransitions } from "./pipeline/gate.ts";
import { dataThrough, latencyOfOperations, latencyOfSearch } from "./pipeline/latency-freshness.ts";
import { failedByStage, recordsByStage, scores, scoresNow } from "./pipeline/records-quality.ts";
import { durations, lastFailure, lastSuccess, latestRuns, runs, slaNow, took } from "./pipeline/runs.ts";

export function pipeline(agent_url: string): Dashboard {
  return dashboard({
    uid: "sluice-pipeline",
    title: "Sluice / Pipeline",
    description: "One pipeline, or a few side by side: its gate, its runs, and the evidence of them.",
    from: "now-7d",
    refresh: "1m",
    variables: [datasource(), job(), instance(), pipelineName(), checkName(), agentUrl(agent_url)],
    annotations: ANNOTATIONS,
    sections: [
      {
        strips: [
          {
            height: 4,
            panels: [
              [5, gateNow],
              [5, lastSuccess],
              [5, lastFailure],
              [4, took],
              [5, slaNow],
            ],
          },
          { height: 6, panels: [[24, runs]] },
        ],
      },
      {
        title: "Gate",
        strips: [
          { height: 5, panels: [[24, gateHistory]] },
          { height: 8, panels: [[24, gateTransitions]] },
        ],
      },
      {
        title: "Runs",
        strips: [
          {
            height: 8,
            panels: [
              [8, durations],
              [8, recordsByStage],
              [8, failedByStage],
            ],
          },
          { height: 9, panels: [[24, latestRuns]] },
        ],
      },
      {
        title: "Quality",
        strips: [
          {
            height: 9,
            panels: [
              [16, scores],
              [8, scoresNow],
            ],
          },
        ],
      },
      {
        title: "Latency and freshness",
        strips: [
          {
            height: 8,
            panels: [
              [8, latencyOfSearch],
              [8, latencyOfOperations],
              [8, dataThrough],
            ],
          },
        ],
      },
    ],
  });
}
