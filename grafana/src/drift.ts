import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { psiHistory, pValueHistory, rowsHistory, timesThreshold } from "./drift/history.ts";
import {
  driftedNow,
  features,
  histograms,
  inconclusiveNow,
  judgedNow,
  notJudgedNow,
  verdictHistory,
} from "./drift/panels.ts";
import { ANNOTATIONS } from "./lib/annotations.ts";
import { dashboard } from "./lib/board.ts";
import { agentUrl, datasource, featureName, instance, job, pipelineName } from "./lib/variables.ts";

export function drift(agent_url: string): Dashboard {
  return dashboard({
    uid: "sluice-drift",
    title: "Sluice / Drift",
    description: "Which features differ from their reference, by how much, and whether that is more than chance.",
    from: "now-7d",
    refresh: "1m",
    variables: [datasource(), job(), instance(), pipelineName(), featureName(), agentUrl(agent_url)],
    annotations: ANNOTATIONS,
    sections: [
      {
        strips: [
          {
            height: 4,
            panels: [
              [6, driftedNow],
              [6, inconclusiveNow],
              [6, notJudgedNow],
              [6, judgedNow],
            ],
          },
          { height: 10, panels: [[24, features]] },
        ],
      },
      {
        title: "History",
        strips: [
          { height: 8, panels: [[24, verdictHistory]] },
          {
            height: 9,
            panels: [
              [8, timesThreshold],
              [16, psiHistory],
            ],
          },
          {
            height: 7,
            panels: [
              [12, pValueHistory],
              [12, rowsHistory],
            ],
          },
        ],
      },
      { title: "Histograms", strips: [{ height: 9, panels: [[24, histograms]] }] },
    ],
  });
}
