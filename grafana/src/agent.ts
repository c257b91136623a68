import { type Dashboard, VariableHide } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  commitLatency,
  commitSize,
  commits,
  httpErrors,
  httpLatency,
  queue,
  reports,
  unaccepted,
} from "./agent/ingest.ts";
import { agents, agentUp, configuration, dead, noticesWaiting, queueNow, storeUp, version } from "./agent/now.ts";
import {
  cpu,
  dropped,
  files,
  gates,
  lease,
  memory,
  notices,
  observeFailures,
  oldestNotice,
  scrapes,
  series,
  waiters,
} from "./agent/state.ts";
import { dashboard } from "./lib/board.ts";
import { agentUrl, datasource, instance, job, reportKind } from "./lib/variables.ts";

export function agent(agent_url: string): Dashboard {
  return dashboard({
    uid: "sluice-agent",
    title: "Sluice / Agent",
    description: "Is the agent itself well: does it take reports, commit them, show them, and tell people?",
    from: "now-6h",
    refresh: "30s",
    variables: [datasource(), job(), instance(VariableHide.DontHide), reportKind(), agentUrl(agent_url)],
    sections: [
      {
        strips: [
          {
            height: 4,
            panels: [
              [3, agentUp],
              [3, agents],
              [3, storeUp],
              [3, configuration],
              [3, queueNow],
              [3, noticesWaiting],
              [3, dead],
              [3, version],
            ],
          },
        ],
      },
      {
        title: "Reports in",
        strips: [
          {
            height: 8,
            panels: [
              [8, reports],
              [8, unaccepted],
              [8, queue],
            ],
          },
          {
            height: 8,
            panels: [
              [8, commitLatency],
              [8, commits],
              [8, commitSize],
            ],
          },
          {
            height: 8,
            panels: [
              [12, httpLatency],
              [12, httpErrors],
            ],
          },
        ],
      },
      {
        title: "Gates and notices out",
        strips: [
          {
            height: 8,
            panels: [
              [6, gates],
              [6, waiters],
              [6, notices],
              [6, oldestNotice],
            ],
          },
        ],
      },
      {
        title: "Metrics and process",
        strips: [
          { height: 5, panels: [[24, lease]] },
          {
            height: 7,
            panels: [
              [8, series],
              [8, dropped],
              [8, observeFailures],
            ],
          },
          {
            height: 7,
            panels: [
              [6, scrapes],
              [6, cpu],
              [6, memory],
              [6, files],
            ],
          },
        ],
      },
    ],
  });
}
